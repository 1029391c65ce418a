import type { Viewport } from './viewport.ts';

/** Milliseconds that a step of zoom takes. */
export const ANIMATION_MS = 180;

const easedOut = (part: number) => 1 - (1 - part) ** 3;

/**
 * The view between two views: the span goes in equal ratios, and what is at the same place of the screen in both stays
 * there on the way.
 * @param part 0: `from`, 1: `to`
 */
export function between(from: Viewport, to: Viewport, part: number): Viewport {
  if (part >= 1) return to;
  const eased = easedOut(Math.max(0, part));
  const span = from.span * (to.span / from.span) ** eased;
  const apart = from.span - to.span;
  // The places of both edges are straight lines of the span while one point of the screen stands still.
  const moved = Math.abs(apart) < 1e-9 * from.span ? eased : (from.span - span) / apart;
  return { start: from.start + moved * (to.start - from.start), span, duration: to.duration };
}

/**
 * A view on its way to another one. Where a person wants less motion, it is there at once.
 *
 * @example
 * animation.to(view, zoomed(view, 2, anchor), performance.now());
 * view = animation.at(performance.now()) ?? view; // frame after frame, until it is undefined
 */
export class ViewAnimation {
  readonly #still: () => boolean;
  #animation: { readonly from: Viewport; readonly to: Viewport; readonly begun: number } | undefined;

  /** @param still Whether motion is unwelcome. */
  constructor(still: () => boolean) {
    this.#still = still;
  }

  /** Where it goes, or is. */
  goal(view: Viewport): Viewport {
    return this.#animation?.to ?? view;
  }

  /** It is not there yet. */
  get running(): boolean {
    return this.#animation !== undefined;
  }

  /** Sets out. */
  to(from: Viewport, to: Viewport, now: number): void {
    this.#animation = { from, to, begun: this.#still() ? Number.NEGATIVE_INFINITY : now };
  }

  /** Stays where it is. */
  stop(): void {
    this.#animation = undefined;
  }

  /** The view of the moment; undefined when nothing is under way. */
  at(now: number): Viewport | undefined {
    if (!this.#animation) return undefined;
    const { from, to, begun } = this.#animation;
    const part = (now - begun) / ANIMATION_MS;
    if (part >= 1) this.#animation = undefined;
    return between(from, to, part);
  }
}
