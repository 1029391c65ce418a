import { h } from '../shell/dom.ts';
import { unitOfTime, type Viewport, widened } from './viewport.ts';

/** Views' widths that lie ready on each side of one that moves. */
const MARGIN = 1;

/** Parts of the view's width that must lie ready: what is drawn may look different at its very end. */
const GUARD = 0.1;

/**
 * A layer over a plot that follows the shown part of the song. It is drawn for more than that part once it moves, and
 * then only moved: that costs the page's thread a transform, and the browser no painting.
 *
 * @example
 * const strip = new ScrolledLayer((view, width) => drawTimeRuler(strip.element, view, width));
 * strip.show(view, plot.clientWidth);
 */
export class ScrolledLayer {
  readonly element = h('div', { class: 'scrolled-layer' });
  readonly #draw: (view: Viewport, width: number) => void;
  #drawn: Viewport | undefined;
  /** Of the view that was drawn round: its span and width. */
  #span = 0;
  #width = 0;

  /** @param draw Fills the element with a part of the song, `width` pixels wide. */
  constructor(draw: (view: Viewport, width: number) => void) {
    this.#draw = draw;
  }

  /** What is drawn is not what is there now. */
  invalidate(): void {
    this.#drawn = undefined;
  }

  /**
   * Shows a part of the song on a plot that is `width` pixels wide.
   * @param animating It is on the way to another one: what is drawn is stretched, and drawn anew at the end.
   */
  show(view: Viewport, width: number, animating = false): void {
    if (animating && this.#drawn) {
      const left = unitOfTime(view, this.#drawn.start) * width;
      const scale = ((this.#span / view.span) * width) / this.#width;
      this.element.style.transform = `translateX(${left}px) scaleX(${scale})`;
      return;
    }
    const same = view.span === this.#span && width === this.#width;
    if (!same || !this.#drawn || !holds(this.#drawn, view)) {
      const moved = same && this.#drawn !== undefined;
      this.#drawn = moved ? widened(view, MARGIN) : view;
      this.#span = view.span;
      this.#width = width;
      const pixels = (this.#drawn.span / view.span) * width;
      this.element.style.width = `${pixels}px`;
      this.#draw(this.#drawn, pixels);
    }
    const pixels = wholePixels(-unitOfTime(this.#drawn, view.start) * (this.#drawn.span / view.span) * width);
    this.element.style.transform = `translateX(${pixels}px)`;
  }
}

/** Whole pixels of the screen: between them, the browser would blur what it moves. */
export function wholePixels(pixels: number): number {
  const sharpness = devicePixelRatio || 1;
  // −0 would be written with a sign.
  return Math.round(pixels * sharpness) / sharpness + 0;
}

function holds(drawn: Viewport, view: Viewport): boolean {
  const { start, span, duration } = drawn;
  if (view.start === start && view.span === span) return true;
  const guard = GUARD * view.span;
  const [end, last] = [start + span, view.start + view.span];
  return (
    view.start >= (start > 0 ? start + guard : 0) && last <= (end < duration - 1e-9 ? end - guard : duration + 1e-9)
  );
}
