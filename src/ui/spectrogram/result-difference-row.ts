import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import type { SongStorage } from '../../songs/storage/song-storage.ts';
import { h, setText } from '../shell/dom.ts';
import type { Viewport } from '../timeline/viewport.ts';
import { drawFrequencyAxis, drawNoteAxis } from './axes.ts';
import { Legend } from './legend.ts';
import type { SpectrogramData, SpectrogramThread } from './spectrogram-client.ts';
import { axisOf } from './spectrogram-painter.ts';
import type { SpectrogramStyle } from './spectrogram-style.ts';
import { SpectrogramView } from './spectrogram-view.ts';

/** A result that is subtracted from the shown one, and the names of both. */
export interface ComparedResult {
  readonly store: SongStorage;
  readonly of: string;
  readonly minus: string;
}

/** What the row works with. */
export interface ResultDifferenceRowOptions {
  /** The result that is shown. */
  readonly store: SongStorage;
  readonly thread: SpectrogramThread;
  readonly style: SpectrogramStyle;
  /** Called when there is something new to draw. */
  readonly onChange: () => void;
  readonly failed: (error: unknown) => void;
}

/** The spectrogram of what is heard as the difference of two results: where it is bright, they disagree. */
export class ResultDifferenceRow {
  readonly element: HTMLElement;
  readonly #scope: Scope;
  readonly #i18n: I18n;
  readonly #options: ResultDifferenceRowOptions;
  readonly #view: SpectrogramView;
  readonly #legend = new Legend('vocals');
  readonly #axis = h('div', { class: 'gutter', 'aria-hidden': 'true' });
  readonly #notes = h('div', { class: 'notes', 'aria-hidden': 'true' });
  readonly #title = h('span', { class: 'title' });
  readonly #note = h('span', { class: 'note' });
  #style: SpectrogramStyle;
  #compared: ComparedResult | undefined;
  #data: SpectrogramData | undefined;
  #height = 0;

  constructor(scope: Scope, i18n: I18n, options: ResultDifferenceRowOptions) {
    this.#scope = scope;
    this.#i18n = i18n;
    this.#options = options;
    this.#style = options.style;
    this.#view = new SpectrogramView(scope, 'vocals', options.onChange);
    this.element = h(
      'div',
      { class: 'row spectrogram-row results-difference', hidden: true },
      h('div', { class: 'caption' }, this.#title, this.#note, this.#legend.element),
      this.#axis,
      h('div', { class: 'plot', 'data-row': 'results' }, this.#view.element, this.#notes),
    );
    i18n.bind(scope, () => this.#describe());
  }

  /** Shows the difference to another result; undefined: none. */
  show(compared: ComparedResult | undefined): void {
    const before = this.#compared;
    this.#compared = compared;
    this.element.hidden = !compared;
    this.#describe();
    if (compared?.store !== before?.store) this.compute();
  }

  /** Computes all of it, once more after a crash of the worker. */
  compute(): void {
    this.#data?.close();
    this.#data = undefined;
    this.use(this.#style);
    const other = this.#compared?.store;
    const failed = (error: unknown) => {
      // A song that is closed meanwhile ends the reading.
      if (this.#compared?.store === other && !this.#scope.disposed) this.#options.failed(error);
    };
    if (other) this.#fill(other).catch(failed);
  }

  /** Shows it in a style. */
  use(style: SpectrogramStyle): void {
    this.#style = style;
    this.#view.use(this.#data, style);
    this.#legend.show(style);
    this.#drawAxes();
  }

  /** Reads the size from the style sheet. */
  resize(sharpness: number): void {
    this.#height = this.#view.resize(sharpness);
    this.#drawAxes();
  }

  /** @returns true when all of it is painted in the present style */
  draw(viewport: Viewport): boolean {
    return this.element.hidden ? true : this.#view.draw(viewport);
  }

  async #fill(other: SongStorage): Promise<void> {
    const { store, thread } = this.#options;
    // Not in the page's first download.
    const { commonScale, compareResults } = await import('../../songs/compare-results.ts');
    const isWanted = this.#compared?.store === other && !this.#data && !this.#scope.disposed;
    if (!isWanted || !other.scale || !store.scale) return;
    const data = thread.open(commonScale(store.scale, other.scale));
    this.#data = data;
    this.use(this.#style);
    for await (const columns of compareResults(store, other)) {
      if (this.#data !== data || this.#scope.disposed) return;
      data.write(columns);
    }
  }

  #drawAxes(): void {
    if (!this.#data) return;
    const axis = axisOf(this.#data.scale, this.#style);
    drawFrequencyAxis(this.#axis, axis, this.#height);
    drawNoteAxis(this.#notes, axis, this.#height);
  }

  #describe(): void {
    const { of, minus } = this.#compared ?? { of: '', minus: '' };
    setText(this.#title, this.#i18n.t('results.minus', { of, minus }));
    setText(this.#note, this.#i18n.t('results.differenceNote'));
    this.#view.element.setAttribute('aria-label', this.#i18n.t('results.differenceAlt', { of, minus }));
  }
}
