import type { ColourMap } from './colour-maps.ts';
import { h } from './dom.ts';
import type { RowBins } from './frequency-axis.ts';
import { paintColumns } from './picture-pixels.ts';
import type { PictureKind, SpectrogramImage } from './spectrogram-image.ts';
import type { Viewport } from './viewport.ts';

/** Columns of one tile. */
const TILE_COLUMNS = 256;

/** Tiles kept for one picture, some 15 MB; the least recently drawn go first. */
const TILES_KEPT = 48;

/** A stretch of the picture as pixels, one a column: drawn once, then only scaled by the browser. */
interface Tile {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  readonly firstColumn: number;
  readonly columns: number;
  painted: number;
}

/**
 * One of the four pictures on a canvas. The picture is painted into tiles, new columns only, and the tiles of the width
 * that fits the screen are drawn scaled; so playing, panning and zooming cost a few `drawImage` calls.
 */
export class PictureCanvas {
  readonly canvas: HTMLCanvasElement;
  readonly #kind: PictureKind;
  readonly #colours: ColourMap;
  readonly #tiles = new Map<string, Tile>();
  #image: SpectrogramImage | undefined;
  #rows: RowBins | undefined;

  constructor(kind: PictureKind, colours: ColourMap) {
    this.#kind = kind;
    this.#colours = colours;
    this.canvas = h('canvas', { class: 'picture', role: 'img', 'data-picture': kind, 'data-done-frames': 0 });
  }

  /** Sets what is painted, and how its bins lie on the rows. All tiles are made anew. */
  use(image: SpectrogramImage | undefined, rows: RowBins | undefined): void {
    this.#image = image;
    this.#rows = rows;
    this.#tiles.clear();
    this.grew();
  }

  /** Says that the image has more columns, which are not on the canvas yet. */
  grew(): void {
    this.canvas.dataset.doneFrames = String(this.#image?.doneFrames ?? 0);
    this.canvas.dataset.complete = 'false';
  }

  /** Sets the size in device pixels; true if it changed. */
  resize(width: number, height: number): boolean {
    if (this.canvas.width === width && this.canvas.height === height) return false;
    this.canvas.width = width;
    this.canvas.height = height;
    return true;
  }

  /**
   * Draws the part of the song, painting what is missing until `deadline` (performance.now()).
   * @returns false if there was no time for all of it: call again in the next frame.
   */
  draw(view: Viewport, deadline: number): boolean {
    const context = this.canvas.getContext('2d', { alpha: false });
    const image = this.#image;
    if (!context || this.canvas.width === 0) return true;
    context.fillStyle = this.#groundColour();
    context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    if (!image || !this.#rows) return true;
    const visible = view.span / image.scale.frameSeconds;
    const level = Math.floor(Math.log2(Math.max(1, visible / this.canvas.width)));
    const finest = Math.min(level, image.levels.length - 1);
    const coarsest = image.levels.length - 1;
    context.imageSmoothingEnabled = true;
    // A coarse picture under the fine one, for the moment in which the fine one is still being painted: one tile.
    if (coarsest > finest) this.#drawLevel(context, coarsest, view, Number.POSITIVE_INFINITY);
    const complete = this.#drawLevel(context, finest, view, deadline);
    this.#forgetOldTiles();
    // Says that all that is separated is on the canvas, on the axis and at the zoom that were asked for.
    this.canvas.dataset.complete = String(complete);
    return complete;
  }

  #drawLevel(context: CanvasRenderingContext2D, level: number, view: Viewport, deadline: number): boolean {
    const image = this.#image as SpectrogramImage;
    const seconds = image.scale.frameSeconds * 2 ** level;
    const { columns } = image.levels[level];
    // Frame 0 is centred on 0 s, so its column begins half a frame before.
    const halfFrame = image.scale.frameSeconds / 2;
    const columnAt = (time: number) => Math.floor((time + halfFrame) / seconds);
    const pixelAt = (column: number) =>
      Math.round((this.canvas.width * (column * seconds - halfFrame - view.start)) / view.span);
    const first = Math.max(0, Math.floor(columnAt(view.start) / TILE_COLUMNS));
    const last = Math.floor(Math.min(columns - 1, columnAt(view.start + view.span)) / TILE_COLUMNS);
    let complete = true;
    let paintedNow = 0;
    for (let index = first; index <= last; index++) {
      const tile = this.#tile(level, index);
      const done = Math.min(tile.columns, image.doneColumns(level) - tile.firstColumn);
      if (tile.painted < done) {
        // One at least: else the first picture would take all the time of a slow machine.
        if (paintedNow++ === 0 || performance.now() < deadline) this.#paint(tile, level, done);
        else complete = false;
      }
      if (tile.painted <= 0) continue;
      const left = pixelAt(tile.firstColumn);
      const right = pixelAt(tile.firstColumn + tile.painted);
      context.drawImage(
        tile.canvas,
        0,
        0,
        tile.painted,
        tile.canvas.height,
        left,
        0,
        Math.max(1, right - left),
        this.canvas.height,
      );
    }
    return complete;
  }

  #tile(level: number, index: number): Tile {
    const key = `${level}:${index}`;
    const known = this.#tiles.get(key);
    if (known) {
      // Put last: the map's order is the order of use.
      this.#tiles.delete(key);
      this.#tiles.set(key, known);
      return known;
    }
    const firstColumn = index * TILE_COLUMNS;
    const columns = Math.min(TILE_COLUMNS, (this.#image as SpectrogramImage).levels[level].columns - firstColumn);
    const canvas = h('canvas', { width: columns, height: (this.#rows as RowBins).rows });
    const context = canvas.getContext('2d', { alpha: false, willReadFrequently: false }) as CanvasRenderingContext2D;
    const tile: Tile = { canvas, context, firstColumn, columns, painted: 0 };
    this.#tiles.set(key, tile);
    return tile;
  }

  #paint(tile: Tile, level: number, done: number): void {
    const image = this.#image as SpectrogramImage;
    const rows = this.#rows as RowBins;
    const count = done - tile.painted;
    const piece = tile.context.createImageData(count, rows.rows);
    paintColumns(
      this.#kind,
      image.levels[level],
      image.scale.bins,
      tile.firstColumn + tile.painted,
      count,
      rows,
      this.#colours.pixels,
      new Uint32Array(piece.data.buffer),
    );
    tile.context.putImageData(piece, tile.painted, 0);
    tile.painted = done;
  }

  #forgetOldTiles(): void {
    for (const key of this.#tiles.keys()) {
      if (this.#tiles.size <= TILES_KEPT) return;
      this.#tiles.delete(key);
    }
  }

  #groundColour(): string {
    const { rgb } = this.#colours;
    return `rgb(${rgb[0]} ${rgb[1]} ${rgb[2]})`;
  }
}
