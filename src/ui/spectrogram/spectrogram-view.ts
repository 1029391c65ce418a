import type { Scope } from '../../core/scope.ts';
import { h } from '../shell/dom.ts';
import type { Viewport } from '../timeline/viewport.ts';
import type { SpectrogramSource } from './spectrogram-client.ts';
import type { SpectrogramKind } from './spectrogram-image.ts';
import { colourMapOf, type SpectrogramStyle } from './spectrogram-style.ts';
import {
  columnSeconds,
  LeastRecentlyUsed,
  levelFor,
  type TilePlace,
  tileShows,
  tileSpan,
  tilesIn,
} from './tile-math.ts';

/** Tiles kept for one spectrogram, 0.4 MB each at most; the least recently used ones go first. */
const TILES_KEPT = 32;

/** Requests to the worker at a time: enough to keep it busy, few enough that none is outdated when its turn comes. */
const ASKED_AT_ONCE = 2;

/** Maximum rows of pixels; a spectrogram on the screen is rarely higher. */
const MAX_ROWS = 384;

/** Columns that are wider than this, in pixels, get sharp edges: single frames can be told apart. */
const SHARP_PIXELS = 6;

/** Tiles may be moved by this many widths of the view; further away, their pixels are no longer exact. */
const MAX_SHIFT = 8;

interface Tile {
  readonly place: TilePlace;
  readonly canvas: HTMLCanvasElement;
  readonly context: ImageBitmapRenderingContext;
  /** Whether it shows something. */
  painted: boolean;
  /** Whether the data or the style has changed since. */
  stale: boolean;
  asked: boolean;
  /** Number of the placement that its place on the page belongs to. */
  placed: number;
}

/**
 * One spectrogram of a song, or of other columns of magnitudes and masks. A worker paints tiles of 256 columns at the
 * level of detail that fits the zoom. The page only moves them, so playing and zooming cost it next to nothing.
 *
 * @example
 * const spectrogram = new SpectrogramView(scope, 'mask', () => redraw());
 * spectrogram.use(data, style);
 * spectrogram.resize(2);
 * spectrogram.draw(view); // again when it says so
 */
export class SpectrogramView {
  readonly element: HTMLElement;
  readonly kind: SpectrogramKind;
  readonly #scope: Scope;
  readonly #changed: () => void;
  readonly #layer = h('div', { class: 'tiles' });
  readonly #tiles = new LeastRecentlyUsed<Tile>(TILES_KEPT, (tile) => tile.canvas.remove());
  #source: SpectrogramSource | undefined;
  #unsubscribe: () => void = () => undefined;
  #style: SpectrogramStyle | undefined;
  /** Counts sources: tiles that were requested from the one before are dropped. */
  #sourceCount = 0;
  #width = 0;
  #height = 0;
  #sharpness = 1;
  #asked = 0;
  /** The placement of the tiles: the moment at the layer's left edge, and span and width of the view. */
  #placement = { number: 0, start: 0, span: 0, width: 0 };
  /** As long as nothing changes, a view of this span within this interval needs no new tiles. */
  #settled: { readonly span: number; readonly start: number; readonly end: number } | undefined;

  /** @param changed Called when there is something new to draw. */
  constructor(scope: Scope, kind: SpectrogramKind, changed: () => void) {
    this.#scope = scope;
    this.kind = kind;
    this.#changed = changed;
    this.element = h(
      'div',
      { class: 'spectrogram', role: 'img', 'data-spectrogram': kind, 'data-done-frames': 0 },
      this.#layer,
    );
    scope.add(() => {
      this.#unsubscribe();
      this.#tiles.clear();
    });
  }

  /** Sets data and style. With the same data, the old tiles stay until the new ones are painted. */
  use(source: SpectrogramSource | undefined, style: SpectrogramStyle): void {
    if (source !== this.#source) {
      this.#unsubscribe();
      this.#tiles.clear();
      this.#sourceCount++;
      this.#asked = 0;
      this.#source = source;
      this.element.dataset.frames = String(source?.scale.frames ?? 0);
      this.#unsubscribe = source?.on('write', (first, end) => this.#written(first, end)) ?? (() => undefined);
    }
    this.#style = style;
    const { rgb } = colourMapOf(this.kind, style);
    const ground = this.kind === 'difference' ? 128 : 0;
    this.element.style.backgroundColor = `rgb(${rgb.subarray(3 * ground, 3 * ground + 3).join(' ')})`;
    this.#allStale();
  }

  /**
   * Reads the size from the style sheet.
   * @returns its height, pixels
   */
  resize(sharpness: number): number {
    const { clientWidth, clientHeight } = this.element;
    if (clientHeight !== this.#height || sharpness !== this.#sharpness) this.#allStale();
    this.#settled = undefined;
    this.#width = clientWidth;
    this.#height = clientHeight;
    this.#sharpness = sharpness;
    return clientHeight;
  }

  /**
   * Shows a part of the song, and requests missing tiles.
   * @returns whether all of it is painted in the present style
   */
  draw(view: Viewport): boolean {
    const source = this.#source;
    if (!source || !this.#style || this.#width === 0 || this.#height === 0) {
      this.element.dataset.doneFrames = '0';
      return true;
    }
    const { scale, shape } = source;
    const settled = this.#settled;
    if (this.#move(view) && settled?.span === view.span) {
      if (settled.start <= view.start && view.start + view.span <= settled.end) return true;
    }
    this.element.dataset.doneFrames = String(source.doneFrames);
    const level = levelFor(scale, shape, view, this.#width * this.#sharpness);
    const coarsest = shape.columns.length - 1;
    // A coarse tile lies under the fine ones until they are painted.
    const ground = level < coarsest ? tilesIn(source, view, coarsest) : [];
    const places = tilesIn(source, view, level);
    const shown = places.map((place) => this.#tile(place));
    const complete = shown.every((tile) => tile.painted && !tile.stale && !tile.asked);
    const needed = new Set([...ground.map((place) => this.#tile(place)), ...shown]);
    for (const tile of needed) this.#ask(tile);
    // Tiles on both sides, for the playhead and for dragging.
    const around = tilesIn(source, view, level, 1).map((place) => this.#tile(place));
    for (const tile of around) this.#ask(tile);
    const sharp = columnSeconds(scale, shape, level) * this.#width > SHARP_PIXELS * view.span;
    this.#layer.classList.toggle('sharp', sharp);
    for (const tile of this.#tiles.values()) {
      // Tiles of other levels show only until the right ones are complete.
      tile.canvas.hidden = !tile.painted || (complete && tile.place.level !== level);
      if (!tile.canvas.hidden) this.#put(tile);
    }
    this.element.dataset.level = String(level);
    this.element.dataset.complete = String(complete);
    const all = complete && around.every((tile) => tile.painted && !tile.stale && !tile.asked);
    const spans = places.map((place) => tileSpan(scale, shape, place));
    const [start, end] = [Math.min(...spans.map((s) => s.start)), Math.max(...spans.map((s) => s.end))];
    this.#settled = all ? { span: view.span, start, end } : undefined;
    return complete;
  }

  /** Moves the tiles; returns false if they need a new placement. */
  #move(view: Viewport): boolean {
    const { start, span, width } = this.#placement;
    const shift = ((start - view.start) / view.span) * this.#width;
    if (span !== view.span || width !== this.#width || Math.abs(shift) > MAX_SHIFT * this.#width) {
      const number = this.#placement.number + 1;
      this.#placement = { number, start: view.start, span: view.span, width: this.#width };
      this.#layer.style.transform = 'translateX(0)';
      return false;
    }
    // Whole device pixels: between them, the browser would blend the edges of tiles.
    this.#layer.style.transform = `translateX(${Math.round(shift * this.#sharpness) / this.#sharpness}px)`;
    return true;
  }

  #put(tile: Tile): void {
    const { number, start, span, width } = this.#placement;
    if (tile.placed === number) return;
    tile.placed = number;
    const { scale, shape } = this.#source as SpectrogramSource;
    const part = tileSpan(scale, shape, tile.place);
    const pixel = (seconds: number) =>
      Math.round(((seconds - start) / span) * width * this.#sharpness) / this.#sharpness;
    const left = pixel(part.start);
    tile.canvas.style.left = `${left}px`;
    tile.canvas.style.width = `${Math.max(1 / this.#sharpness, pixel(part.end) - left)}px`;
  }

  #tile(place: TilePlace): Tile {
    const key = `${place.level}:${place.index}`;
    const known = this.#tiles.use(key);
    if (known) return known;
    const canvas = h('canvas', { class: 'tile', hidden: true, 'aria-hidden': 'true' });
    const context = canvas.getContext('bitmaprenderer') as ImageBitmapRenderingContext;
    // Finer tiles lie over coarser ones.
    canvas.style.zIndex = String(32 - place.level);
    this.#layer.append(canvas);
    const tile: Tile = { place, canvas, context, painted: false, stale: true, asked: false, placed: -1 };
    this.#tiles.keep(key, tile);
    return tile;
  }

  #ask(tile: Tile): void {
    const source = this.#source;
    const style = this.#style;
    if (!source || !style || !tile.stale || tile.asked || this.#asked >= ASKED_AT_ONCE) return;
    const count = this.#sourceCount;
    const rows = Math.min(MAX_ROWS, Math.max(1, Math.round(this.#height * this.#sharpness)));
    tile.asked = true;
    // A later change makes it stale again.
    tile.stale = false;
    this.#asked++;
    void source.paint({ kind: this.kind, place: tile.place, rows, style }).then((bitmap) => {
      if (count !== this.#sourceCount || this.#scope.disposed) {
        bitmap?.close();
        return;
      }
      this.#asked--;
      tile.asked = false;
      if (bitmap) {
        // The canvas has the size of the bitmap; the style sheet scales it.
        tile.canvas.width = bitmap.width;
        tile.canvas.height = bitmap.height;
        tile.context.transferFromImageBitmap(bitmap);
        tile.painted = true;
      }
      this.#changed();
    });
  }

  #allStale(): void {
    this.#settled = undefined;
    for (const tile of this.#tiles.values()) tile.stale = true;
    this.element.dataset.complete = 'false';
    this.#changed();
  }

  #written(first: number, end: number): void {
    const { shape } = this.#source as SpectrogramSource;
    this.#settled = undefined;
    for (const tile of this.#tiles.values()) if (tileShows(shape, tile.place, first, end)) tile.stale = true;
    this.element.dataset.doneFrames = String(this.#source?.doneFrames ?? 0);
    this.element.dataset.complete = 'false';
    this.#changed();
  }
}
