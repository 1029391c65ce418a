import { clock } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import type { StemStore } from '../../songs/storage/stem-store.ts';
import { h, setText } from '../shell/dom.ts';
import { ScrolledLayer } from './scrolled-layer.ts';
import { unitOfTime, type Viewport } from './viewport.ts';

/** Seconds that a gap must last to be shown: rounding at the song's end is none. */
const MIN_SECONDS = 0.001;

/** What is missing of a song, in seconds. */
export function gapsOf(store: StemStore): readonly { readonly from: number; readonly to: number }[] {
  const { sampleRate } = store.original;
  return store.gaps
    .map(({ start, end }) => ({ from: start / sampleRate, to: end / sampleRate }))
    .filter(({ from, to }) => to - from > MIN_SECONDS);
}

/** Hatches what is not separated yet over all lanes and pictures, and says so in words. */
export class GapOverlay {
  readonly #layer = new ScrolledLayer((view) => this.#draw(view));
  /** What the hatching means. */
  readonly legend = h('p', { class: 'gap-legend', hidden: true }, h('span', { class: 'gap-sample' }), h('span'));
  readonly #store: StemStore;
  readonly #i18n: I18n;

  constructor(scope: Scope, i18n: I18n, store: StemStore) {
    this.#store = store;
    this.#i18n = i18n;
    i18n.bind(scope, () => setText(this.legend.lastElementChild as HTMLElement, i18n.t('gaps.legend')));
  }

  /** Lies over the lanes. */
  get element(): HTMLElement {
    return this.#layer.element;
  }

  /** What is missing has changed. */
  invalidate(): void {
    this.#layer.invalidate();
  }

  /** Shows the gaps in a part of the song, on lanes that are `width` pixels wide. */
  show(view: Viewport, width: number): void {
    this.#layer.show(view, width);
  }

  #draw(view: Viewport): void {
    const gaps = gapsOf(this.#store);
    this.legend.hidden = gaps.length === 0;
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

  /** What is missing, as a sentence; '' where nothing is. */
  get words(): string {
    const gaps = gapsOf(this.#store);
    if (gaps.length === 0) return '';
    const ranges = gaps.map(({ from, to }) => `${clock(from)}–${clock(to)}`);
    return ` ${this.#i18n.t('gaps.track', { ranges: ranges.join(', ') })}`;
  }
}
