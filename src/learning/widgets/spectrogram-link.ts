import { Emitter } from '../../core/emitter.ts';
import { panned, type Viewport, wholeSong, zoomed } from '../../ui/timeline/viewport.ts';

/** A place on pictures. */
export interface SpectrogramPoint {
  readonly seconds: number;
  readonly hz: number;
}

/** What pictures tell each other. */
type LinkEvents = {
  /** Another part is shown. */
  view: [];
  /** The cursor moved, or left. */
  cursor: [];
};

/**
 * What pictures beside each other share: the part of the time that is shown, and the cursor.
 *
 * @example
 * const link = new SpectrogramLink(12);
 * const pictures = [mixture, mask, product].map((label) => new SpectrogramCanvas(scope, link, label));
 * link.zoom(2, 3.5); // all three
 */
export class SpectrogramLink extends Emitter<LinkEvents> {
  #view: Viewport;
  #offset = 0;
  #cursor: SpectrogramPoint | undefined;

  /** @param duration seconds of the whole */
  constructor(duration: number) {
    super();
    this.#view = wholeSong(duration);
  }

  get view(): Viewport {
    return this.#view;
  }

  /** What the rulers say at second 0: the moment of the song at which a piece begins. */
  get offset(): number {
    return this.#offset;
  }

  /** Shows the whole of another length. */
  reset(duration: number, offset = this.#offset): void {
    this.#offset = offset;
    this.#set(wholeSong(duration));
  }

  zoom(factor: number, anchor: number): void {
    this.#set(zoomed(this.#view, factor, anchor));
  }

  pan(seconds: number): void {
    this.#set(panned(this.#view, seconds));
  }

  /** The place that is pointed at. */
  get cursor(): SpectrogramPoint | undefined {
    return this.#cursor;
  }

  set cursor(point: SpectrogramPoint | undefined) {
    this.#cursor = point;
    this.emit('cursor');
  }

  #set(view: Viewport): void {
    this.#view = view;
    this.emit('view');
  }
}
