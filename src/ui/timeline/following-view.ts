import type { Clock } from '../shell/clock.ts';
import { ViewAnimation } from './view-animation.ts';
import {
  centred,
  panned,
  pinched,
  showsAll,
  timeAt,
  unitOfTime,
  type Viewport,
  wholeSong,
  zoomed,
} from './viewport.ts';

/** A zoom by more than this (natural logarithm of the factor) comes from a wheel with steps. */
const COARSE_STEP = 0.15;

/**
 * The visible part of the song. It follows the playhead while the song plays, until a person moves it elsewhere. Steps
 * of a zoom are animated.
 *
 * @example
 * view.zoom(2);
 * if (view.step(performance.now())) redraw(); // frame after frame
 */
export class FollowingView {
  readonly #clock: Clock;
  readonly #animation: ViewAnimation;
  #view: Viewport;
  /** Whether it follows the playhead. */
  follows = true;

  /** @param still Whether the person prefers reduced motion. */
  constructor(clock: Clock, duration: number, still: () => boolean) {
    this.#clock = clock;
    this.#animation = new ViewAnimation(still);
    this.#view = wholeSong(duration);
  }

  /** The visible part at this moment. */
  get now(): Viewport {
    return this.#view;
  }

  /** Whether an animation runs. */
  get animating(): boolean {
    return this.#animation.running;
  }

  /** Advances the animation; returns whether one runs, so that the view has changed. */
  step(time: number): boolean {
    const current = this.#animation.at(time);
    if (!current) return false;
    // A view that follows the playhead keeps following it during the animation.
    this.#view = this.follows && this.#clock.playing ? centred(current, this.#clock.position) : current;
    return true;
  }

  /** Shows this part of the song, without animation. */
  show(view: Viewport): void {
    this.#animation.stop();
    this.#view = view;
  }

  /** Centres the playhead while the song plays, if the view follows it. */
  follow(): void {
    const { position, playing } = this.#clock;
    if (this.follows && playing && !showsAll(this.#animation.goal(this.#view)))
      this.#view = centred(this.#view, position);
  }

  /** Shows the position after a jump, and follows from there. */
  reveal(seconds: number): void {
    const unit = unitOfTime(this.#view, seconds);
    if (unit < 0 || unit > 1) {
      this.#animation.stop();
      this.#view = centred(this.#view, seconds);
    }
    this.follows = true;
    this.follow();
  }

  /** Zooms round the playhead if it is visible, otherwise round the middle. */
  zoom(factor: number): void {
    const goal = this.#animation.goal(this.#view);
    const unit = unitOfTime(goal, this.#clock.position);
    this.#animateTo(zoomed(goal, factor, timeAt(goal, unit >= 0 && unit <= 1 ? unit : 0.5)));
  }

  /**
   * Zooms round a place of the view, 0 (left) to 1 (right). Wheel steps are animated; a touchpad takes effect at once.
   */
  zoomAt(factor: number, unit: number): void {
    const goal = this.#animation.goal(this.#view);
    const next = zoomed(goal, factor, timeAt(goal, unit));
    if (Math.abs(Math.log(factor)) > COARSE_STEP || goal !== this.#view) this.#animateTo(next);
    else this.#view = next;
  }

  /** Shows the whole song. */
  fit(): void {
    this.#animateTo(wholeSong(this.#view.duration));
  }

  /** Moves by `units` of its own width, without animation. */
  pan(units: number): void {
    this.#move(panned(this.#view, units * this.#view.span));
  }

  /** Pinches: zooms by `factor` and brings what is at place `from` to place `to`, without animation. */
  pinch(factor: number, from: number, to: number): void {
    this.#move(pinched(this.#view, factor, from, to));
  }

  #animateTo(goal: Viewport): void {
    this.#animation.to(this.#view, goal, performance.now());
  }

  /** Moves without animation; while the song plays, it stops following. */
  #move(view: Viewport): void {
    this.#animation.stop();
    this.#view = view;
    if (this.#clock.playing) this.follows = false;
  }
}
