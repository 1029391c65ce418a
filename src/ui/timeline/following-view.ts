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

/** A zoom by more than this, as a logarithm, is a step of a wheel. */
const COARSE_STEP = 0.15;

/**
 * The part of the song that is on the screen, as hands and the song move it: it follows the playhead while the song
 * plays, until a hand moves it elsewhere, and glides from step to step of a zoom.
 *
 * @example
 * view.zoom(2);
 * if (view.step(performance.now())) redraw(); // frame after frame
 */
export class FollowingView {
  readonly #clock: Clock;
  readonly #animation: ViewAnimation;
  #view: Viewport;
  /** It follows the playhead. */
  follows = true;

  /** @param still Whether motion is unwelcome. */
  constructor(clock: Clock, duration: number, still: () => boolean) {
    this.#clock = clock;
    this.#animation = new ViewAnimation(still);
    this.#view = wholeSong(duration);
  }

  /** What is on the screen now. */
  get now(): Viewport {
    return this.#view;
  }

  /** It is on the way to another view. */
  get animating(): boolean {
    return this.#animation.running;
  }

  /** Goes on with a glide; true if one is under way, and the next picture of the screen is another one. */
  step(time: number): boolean {
    const current = this.#animation.at(time);
    if (!current) return false;
    // What follows the playhead goes on following it on the way.
    this.#view = this.follows && this.#clock.playing ? centred(current, this.#clock.position) : current;
    return true;
  }

  /** Follows the playhead, where it should. */
  follow(): void {
    const { position, playing } = this.#clock;
    if (this.follows && playing && !showsAll(this.#animation.goal(this.#view)))
      this.#view = centred(this.#view, position);
  }

  /** Brings a moment that was jumped to onto the screen, and follows from there. */
  reveal(seconds: number): void {
    const unit = unitOfTime(this.#view, seconds);
    if (unit < 0 || unit > 1) {
      this.#animation.stop();
      this.#view = centred(this.#view, seconds);
    }
    this.follows = true;
    this.follow();
  }

  /** Zooms round the playhead if it is on the screen, else round the middle. */
  zoom(factor: number): void {
    const goal = this.#animation.goal(this.#view);
    const unit = unitOfTime(goal, this.#clock.position);
    this.#animateTo(zoomed(goal, factor, timeAt(goal, unit >= 0 && unit <= 1 ? unit : 0.5)));
  }

  /** Zooms round a place of the screen: a wheel with steps glides from one to the next, a touchpad is followed at once. */
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

  /** Moves by parts of its width, at once. */
  pan(units: number): void {
    this.#move(panned(this.#view, units * this.#view.span));
  }

  /** Two fingers: `factor` nearer, and what is at place `from` comes to lie at `to`, at once. */
  pinch(factor: number, from: number, to: number): void {
    this.#move(pinched(this.#view, factor, from, to));
  }

  #animateTo(goal: Viewport): void {
    this.#animation.to(this.#view, goal, performance.now());
  }

  /** Goes where a hand moves it. */
  #move(view: Viewport): void {
    this.#animation.stop();
    this.#view = view;
    if (this.#clock.playing) this.follows = false;
  }
}
