import type { Scope } from '../../core/scope.ts';
import type { SpectrogramScale } from '../../dsp/spectrogram-scale.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { h, icon, setAttributes, setText } from '../shell/dom.ts';
import { drawFrequencyAxis, drawNoteAxis } from './axes.ts';
import { HeightHandle } from './height-handle.ts';
import { Legend } from './legend.ts';
import type { SpectrogramData } from './spectrogram-client.ts';
import type { SpectrogramKind } from './spectrogram-image.ts';
import type { SpectrogramLayout } from './spectrogram-layout.ts';
import { axisOf } from './spectrogram-painter.ts';
import type { SpectrogramStyle } from './spectrogram-style.ts';
import { SpectrogramView } from './spectrogram-view.ts';

/** What a row works with. */
export interface SpectrogramRowOptions {
  readonly kind: SpectrogramKind;
  /** The selected region on this spectrogram. */
  readonly region: HTMLElement;
  readonly layout: SpectrogramLayout;
  /** Called when there is something new to draw. */
  readonly onChange: () => void;
  /** Saves the spectrogram as an image. */
  readonly save: () => void;
}

/** A spectrogram with what lies beside it and over it. */
export class SpectrogramRow {
  readonly kind: SpectrogramKind;
  readonly element: HTMLElement;
  readonly view: SpectrogramView;
  readonly #layout: SpectrogramLayout;
  readonly #axis = h('div', { class: 'gutter', 'aria-hidden': 'true' });
  readonly #notes = h('div', { class: 'notes', 'aria-hidden': 'true' });
  readonly #levelLine = h('div', { class: 'level-line', hidden: true });
  readonly #legend: Legend;
  readonly #save = h('button', { type: 'button', class: 'save-image' }, icon('save'), 'PNG');
  readonly #fill = h('button', { type: 'button', class: 'save-image fill' }, icon('enlarge'));
  readonly #plot: HTMLElement;
  readonly #handle: HeightHandle;
  readonly #i18n: I18n;
  #scale: SpectrogramScale | undefined;
  #style: SpectrogramStyle | undefined;
  #height = 0;

  constructor(scope: Scope, i18n: I18n, { kind, region, layout, onChange, save }: SpectrogramRowOptions) {
    this.kind = kind;
    this.#i18n = i18n;
    this.#layout = layout;
    this.#legend = new Legend(kind);
    this.view = new SpectrogramView(scope, kind, onChange);
    this.#handle = new HeightHandle(scope, {
      height: () => this.#plot.clientHeight,
      set: (height) => layout.setHeight(kind, height),
    });
    const title = h('span', { class: 'title' });
    const note = h('span', { class: 'note' });
    setAttributes(this.#save, { 'data-save': kind });
    // There is nothing to save before the first columns arrive.
    this.#save.disabled = true;
    scope.listen(this.#save, 'click', save);
    scope.listen(this.#fill, 'click', () => {
      layout.filling = layout.filling === kind ? undefined : kind;
    });
    this.#plot = h('div', { class: 'plot', 'data-row': kind }, this.view.element, this.#notes, region, this.#levelLine);
    this.element = h(
      'div',
      { class: `row spectrogram-row ${kind}` },
      h('div', { class: 'caption' }, title, this.#save, this.#fill, note, this.#legend.element),
      this.#axis,
      this.#plot,
      this.#handle.element,
    );
    i18n.bind(scope, () => {
      const name = i18n.t(`spectrogram.${kind}`);
      setText(title, name);
      setText(note, i18n.t(`spectrogram.${kind}Note`));
      const text = i18n.t('spectrogram.saveImage', { spectrogram: name });
      setAttributes(this.#save, { 'aria-label': text, title: text });
      setAttributes(this.#handle.element, {
        'aria-label': i18n.t('spectrogram.height', { spectrogram: name }),
        title: i18n.t('spectrogram.heightHint'),
      });
      this.place();
    });
  }

  /** Takes visibility and height from the layout. */
  place(): void {
    const { kind } = this;
    const { shown, filling } = this.#layout;
    const fills = filling === kind;
    this.element.hidden = !shown.includes(kind);
    this.element.classList.toggle('filling', fills);
    const height = this.#layout.heightOf(kind);
    this.#plot.style.height = height === undefined || fills ? '' : `${height}px`;
    const name = this.#i18n.t(`spectrogram.${kind}`);
    const text = this.#i18n.t(fills ? 'spectrogram.unfill' : 'spectrogram.fill', { spectrogram: name });
    setAttributes(this.#fill, { 'aria-label': text, title: text, 'aria-pressed': String(fills) });
  }

  /** Shows columns in a style. */
  use(data: SpectrogramData | undefined, style: SpectrogramStyle): void {
    this.view.use(data, style);
    this.#legend.show(style);
    this.#scale = data?.scale;
    this.#style = style;
    this.#save.disabled = !data;
    this.#drawAxes();
  }

  /** Reads the size from the style sheet. */
  resize(sharpness: number): void {
    const height = this.view.resize(sharpness);
    if (height === this.#height) return;
    this.#height = height;
    this.#handle.show(height);
    this.#drawAxes();
  }

  /** Shows a line at a height, 0 (top) to 1; undefined: none. */
  level(fromTop: number | undefined): void {
    this.#levelLine.hidden = fromTop === undefined;
    if (fromTop !== undefined) this.#levelLine.style.top = `${100 * fromTop}%`;
  }

  #drawAxes(): void {
    if (!this.#scale || !this.#style) return;
    const scaled = axisOf(this.#scale, this.#style);
    drawFrequencyAxis(this.#axis, scaled, this.#height);
    drawNoteAxis(this.#notes, scaled, this.#height);
  }
}
