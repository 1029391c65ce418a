import { h } from '../shell/dom.ts';
import { unitOfTime, type Viewport, widened } from './viewport.ts';

/** Once the view moves, this many widths of it are drawn on each side. */
const MARGIN = 1;

/** Share of the view's width that must still be drawn beyond its edge: the very end of a drawing may look different. */
const GUARD = 0.1;

/**
 * A layer over a plot that follows the visible part of the song. Once the view moves, it draws a wider part and then
 * only moves that: a CSS transform, without painting.
 *
 * @example
 * const layer = new ScrolledLayer((view, width) => drawTimeRuler(layer.element, view, width));
 * layer.show(view, plot.clientWidth);
 */
export class ScrolledLayer {
  readonly element = h('div', { class: 'scrolled-layer' });
  readonly #draw: (view: Viewport, width: number) => void;
  #drawn: Viewport | undefined;
  /** Span and width of the view for which it was drawn. */
  #span = 0;
  #width = 0;

  /** @param draw Fills the element with a part of the song, `width` pixels wide. */
  constructor(draw: (view: Viewport, width: number) => void) {
    this.#draw = draw;
  }

  /** Draws again at the next `show`: the contents have changed. */
  invalidate(): void {
    this.#drawn = undefined;
  }

  /**
   * Shows a part of the song on a plot that is `width` pixels wide.
   * @param animating An animation runs: the drawing is stretched now and drawn again at its end.
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

/** Rounds to whole device pixels: between them, the browser would blur a moved layer. */
export function wholePixels(pixels: number): number {
  const sharpness = devicePixelRatio || 1;
  // Adding 0 turns −0 into 0, which has no sign in CSS.
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
