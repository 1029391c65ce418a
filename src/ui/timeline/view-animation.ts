import type { Viewport } from './viewport.ts';

/** Duration of an animation, milliseconds. */
export const ANIMATION_MS = 180;

const easedOut = (part: number) => 1 - (1 - part) ** 3;

/**
 * The view between two views: the span changes in equal ratios, and the moment that both show at the same place stays
 * there.
 *
 * @param part 0: `from`, 1: `to`
 */
export function between(from: Viewport, to: Viewport, part: number): Viewport {
  if (part >= 1) return to;
  const eased = easedOut(Math.max(0, part));
  const span = from.span * (to.span / from.span) ** eased;
  const apart = from.span - to.span;
  // Both edges move linearly with the span while one point of the screen stands still.
  const moved = Math.abs(apart) < 1e-9 * from.span ? eased : (from.span - span) / apart;
  return { start: from.start + moved * (to.start - from.start), span, duration: to.duration };
}

/**
 * Moves from one view to another. A person who prefers reduced motion gets the new view at once.
 *
 * @example
 * animation.to(view, zoomed(view, 2, anchor), performance.now());
 * view = animation.at(performance.now()) ?? view; // frame after frame, until it is undefined
 */
export class ViewAnimation {
  readonly #still: () => boolean;
  #animation: { readonly from: Viewport; readonly to: Viewport; readonly begun: number } | undefined;

  /** @param still Whether the person prefers reduced motion. */
  constructor(still: () => boolean) {
    this.#still = still;
  }

  /** The view at the end of the animation; `view` if none runs. */
  goal(view: Viewport): Viewport {
    return this.#animation?.to ?? view;
  }

  /** Whether an animation runs. */
  get running(): boolean {
    return this.#animation !== undefined;
  }

  /** Starts an animation at the time `now`, milliseconds. */
  to(from: Viewport, to: Viewport, now: number): void {
    this.#animation = { from, to, begun: this.#still() ? Number.NEGATIVE_INFINITY : now };
  }

  /** Ends the animation where it is. */
  stop(): void {
    this.#animation = undefined;
  }

  /** The view at the time `now`, milliseconds; undefined if no animation runs. */
  at(now: number): Viewport | undefined {
    if (!this.#animation) return undefined;
    const { from, to, begun } = this.#animation;
    const part = (now - begun) / ANIMATION_MS;
    if (part >= 1) this.#animation = undefined;
    return between(from, to, part);
  }
}
