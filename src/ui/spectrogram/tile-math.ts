import type { SpectrogramScale } from '../../dsp/spectrogram-scale.ts';
import type { Viewport } from '../timeline/viewport.ts';

/** Columns of one tile. */
export const TILE_COLUMNS = 256;

/** Maximum columns of the coarsest level: one tile shows the whole song. */
const MAX_COARSEST_COLUMNS = TILE_COLUMNS;

/**
 * Maximum bytes of a song's finest level: 50 minutes of 512 bins at 11 frames a second. In a longer song, a column
 * stands for 2, 4 … frames. All levels together take twice as much.
 */
export const MAX_FINE_BYTES = 32 * 1024 * 1024;

/** How a song's spectrograms are divided into columns. */
export interface ImageShape {
  /** A column of level 0 stands for 2^reduction frames. */
  readonly reduction: number;
  /** Columns of each level; level n + 1 has half those of level n. */
  readonly columns: readonly number[];
}

/** The layout of a song's spectrograms. */
export function imageShape({ frames, bins }: Pick<SpectrogramScale, 'frames' | 'bins'>): ImageShape {
  let reduction = 0;
  while (2 * bins * Math.ceil(frames / 2 ** reduction) > MAX_FINE_BYTES) reduction++;
  const columns = [Math.max(1, Math.ceil(frames / 2 ** reduction))];
  for (let last = columns[0]; last > MAX_COARSEST_COLUMNS; columns.push(last)) last = Math.ceil(last / 2);
  return { reduction, columns };
}

/** Seconds of one column of a level. */
export function columnSeconds(scale: SpectrogramScale, shape: ImageShape, level: number): number {
  return scale.frameSeconds * 2 ** (shape.reduction + level);
}

/** The level whose columns come closest to one per pixel, for a view of `pixels` pixels. */
export function levelFor(scale: SpectrogramScale, shape: ImageShape, view: Viewport, pixels: number): number {
  const perPixel = view.span / columnSeconds(scale, shape, 0) / Math.max(1, pixels);
  return Math.min(shape.columns.length - 1, Math.max(0, Math.round(Math.log2(perPixel))));
}

/** A song's spectrograms as far as their tiles are concerned. */
export interface TiledImage {
  readonly scale: SpectrogramScale;
  readonly shape: ImageShape;
}

/** A tile: neighbouring columns of one level. */
export interface TilePlace {
  readonly level: number;
  readonly index: number;
  /** Its first column in the level, and how many columns it has: 256, or fewer at the end of the song. */
  readonly firstColumn: number;
  readonly columns: number;
}

export function tileAt(shape: ImageShape, level: number, index: number): TilePlace {
  const firstColumn = index * TILE_COLUMNS;
  return { level, index, firstColumn, columns: Math.min(TILE_COLUMNS, shape.columns[level] - firstColumn) };
}

/**
 * The part of the song that a tile shows, seconds. Frame 0 is centred on 0 s, so the tile starts half a frame earlier.
 */
export function tileSpan(scale: SpectrogramScale, shape: ImageShape, { level, firstColumn, columns }: TilePlace) {
  const seconds = columnSeconds(scale, shape, level);
  const start = firstColumn * seconds - scale.frameSeconds / 2;
  return { start, end: start + columns * seconds };
}

/** The tiles of a level that the view touches, and `margin` more on each side, from the middle outwards. */
export function tilesIn({ scale, shape }: TiledImage, view: Viewport, level: number, margin = 0): readonly TilePlace[] {
  const seconds = columnSeconds(scale, shape, level) * TILE_COLUMNS;
  const indexAt = (time: number) => Math.floor((time + scale.frameSeconds / 2) / seconds);
  const last = Math.ceil(shape.columns[level] / TILE_COLUMNS) - 1;
  const from = Math.max(0, indexAt(view.start) - margin);
  const to = Math.min(last, indexAt(view.start + view.span) + margin);
  const middle = (view.start + view.span / 2) / seconds - 0.5;
  const places: TilePlace[] = [];
  for (let index = from; index <= to; index++) places.push(tileAt(shape, level, index));
  return places.sort((a, b) => Math.abs(a.index - middle) - Math.abs(b.index - middle));
}

/** Whether frames [first, end) change what a tile shows. */
export function tileShows(shape: ImageShape, { level, firstColumn, columns }: TilePlace, first: number, end: number) {
  const shift = shape.reduction + level;
  return first >> shift < firstColumn + columns && (end - 1) >> shift >= firstColumn;
}

/**
 * Keeps a limited number of values: the most recently used ones.
 *
 * @example
 * const tiles = new LeastRecentlyUsed<Tile>(32, (tile) => tile.close());
 */
export class LeastRecentlyUsed<Value> {
  readonly #capacity: number;
  readonly #onDrop: (value: Value) => void;
  /** A map keeps the order of insertion: a used value is inserted again. */
  readonly #values = new Map<string, Value>();

  constructor(capacity: number, onDrop: (value: Value) => void) {
    this.#capacity = capacity;
    this.#onDrop = onDrop;
  }

  get size(): number {
    return this.#values.size;
  }

  /** The value of a key, which becomes the most recently used one. */
  use(key: string): Value | undefined {
    const value = this.#values.get(key);
    if (value === undefined) return undefined;
    this.#values.delete(key);
    this.#values.set(key, value);
    return value;
  }

  /** Keeps a value, and drops the least recently used ones beyond the limit. */
  keep(key: string, value: Value): void {
    this.#values.set(key, value);
    for (const [oldest, old] of this.#values) {
      if (this.#values.size <= this.#capacity) return;
      this.#values.delete(oldest);
      this.#onDrop(old);
    }
  }

  values(): IterableIterator<Value> {
    return this.#values.values();
  }

  clear(): void {
    for (const value of this.#values.values()) this.#onDrop(value);
    this.#values.clear();
  }
}
