import { clock } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import type { SongStorage } from '../../songs/storage/song-storage.ts';
import { h, setText } from '../shell/dom.ts';
import { ScrolledLayer } from './scrolled-layer.ts';
import { unitOfTime, type Viewport } from './viewport.ts';

/** Shorter gaps, in seconds, are rounding at the end of the song and are not shown. */
const MIN_SECONDS = 0.001;

/** The parts of a song that are not separated yet, in seconds. */
export function gapsOf(store: SongStorage): readonly { readonly from: number; readonly to: number }[] {
  const { sampleRate } = store;
  return store.gaps
    .map(({ start, end }) => ({ from: start / sampleRate, to: end / sampleRate }))
    .filter(({ from, to }) => to - from > MIN_SECONDS);
}

/** Hatches the parts that are not separated yet over all tracks and spectrograms, and describes them in words. */
export class GapOverlay {
  readonly #layer = new ScrolledLayer((view) => this.#draw(view));
  /** Explains the hatching. Its room stays when there is nothing to explain: what lies below does not move. */
  readonly legend = h('p', { class: 'gap-legend none' }, h('span', { class: 'gap-sample' }), h('span'));
  readonly #store: SongStorage;
  readonly #i18n: I18n;

  constructor(scope: Scope, i18n: I18n, store: SongStorage) {
    this.#store = store;
    this.#i18n = i18n;
    i18n.bind(scope, () => setText(this.legend.lastElementChild as HTMLElement, i18n.t('gaps.legend')));
  }

  /** To be placed over the tracks. */
  get element(): HTMLElement {
    return this.#layer.element;
  }

  /** Draws again at the next `show`: the gaps have changed. */
  invalidate(): void {
    this.#layer.invalidate();
  }

  /** Shows the gaps in a part of the song on tracks that are `width` pixels wide. */
  show(view: Viewport, width: number): void {
    this.#layer.show(view, width);
  }

  #draw(view: Viewport): void {
    const gaps = gapsOf(this.#store);
    this.legend.classList.toggle('none', gaps.length === 0);
    const places = gaps
      .map(({ from, to }) => [unitOfTime(view, from), unitOfTime(view, to)])
      .map(([from, to]) => [Math.max(0, from), Math.min(1, to)])
      .filter(([from, to]) => to > from);
    const { element } = this;
    while (element.childElementCount > places.length) element.lastElementChild?.remove();
    while (element.childElementCount < places.length) element.append(h('div', { class: 'gap' }));
    places.forEach(([from, to], n) => {
      const { style } = element.children[n] as HTMLElement;
      style.left = `${100 * from}%`;
      style.right = `${100 * (1 - to)}%`;
    });
  }

  /** The gaps as a sentence; '' if there are none. */
  get words(): string {
    const gaps = gapsOf(this.#store);
    if (gaps.length === 0) return '';
    const ranges = gaps.map(({ from, to }) => `${clock(from)}–${clock(to)}`);
    return ` ${this.#i18n.t('gaps.track', { ranges: ranges.join(', ') })}`;
  }
}
