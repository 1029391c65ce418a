import { Emitter } from '../../core/emitter.ts';
import { panned, timeAt, type Viewport, wholeSong, zoomed } from '../../ui/timeline/viewport.ts';
import type { CellGrid } from './cells.ts';

/** A place in a spectrogram. */
export interface SpectrogramPoint {
  readonly seconds: number;
  readonly hz: number;
}

type LinkEvents = {
  /** Another part is shown. */
  view: [];
  /** The cursor moved, or left. */
  cursor: [];
};

/**
 * What spectrograms side by side share: the part of the time that they show, and the cursor.
 *
 * @example
 * const link = new SpectrogramLink(12);
 * const canvases = [1, 2, 3].map(() => new SpectrogramCanvas(scope, link));
 * link.zoom(2, 3.5); // all three
 */
export class SpectrogramLink extends Emitter<LinkEvents> {
  #view: Viewport;
  #offset = 0;
  #cursor: SpectrogramPoint | undefined;

  /** @param duration Seconds of the whole. */
  constructor(duration: number) {
    super();
    this.#view = wholeSong(duration);
  }

  get view(): Viewport {
    return this.#view;
  }

  /** Seconds of the song at which the excerpt begins: what the time rulers show at second 0. */
  get offset(): number {
    return this.#offset;
  }

  /** Shows the whole of another excerpt. */
  reset(duration: number, offset = this.#offset): void {
    this.#offset = offset;
    this.#set(wholeSong(duration));
  }

  zoom(factor: number, anchor: number): void {
    this.#set(zoomed(this.#view, factor, anchor));
  }

  /** Zooms round the cursor, or round the middle of the view. */
  zoomAtCursor(factor: number): void {
    this.zoom(factor, this.#cursor?.seconds ?? this.#middle);
  }

  pan(seconds: number): void {
    this.#set(panned(this.#view, seconds));
  }

  /** The place under the pointer, or where the arrow keys moved to. */
  get cursor(): SpectrogramPoint | undefined {
    return this.#cursor;
  }

  set cursor(point: SpectrogramPoint | undefined) {
    this.#cursor = point;
    this.emit('cursor');
  }

  /**
   * Moves the cursor by cells, from the middle of the view where there is none. The view follows.
   *
   * @param middleHz frequency in the middle of the axis
   */
  moveCursor(grid: CellGrid, frames: number, bins: number, middleHz: number): void {
    const { start, span, duration } = this.#view;
    const at = this.#cursor ?? { seconds: this.#middle, hz: middleHz };
    const seconds = Math.min(duration, Math.max(0, at.seconds + frames * grid.frameSeconds));
    const highest = grid.firstBinHz + (grid.bins - 1) * grid.binHz;
    const hz = Math.min(highest, Math.max(grid.firstBinHz, at.hz + bins * grid.binHz));
    const outside = seconds < start ? seconds - start : Math.max(0, seconds - start - span);
    if (outside !== 0) this.pan(outside);
    this.cursor = { seconds, hz };
  }

  get #middle(): number {
    return timeAt(this.#view, 0.5);
  }

  #set(view: Viewport): void {
    this.#view = view;
    this.emit('view');
  }
}
