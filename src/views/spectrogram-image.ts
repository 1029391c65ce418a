import type { PictureColumns, PictureScale } from '../separation/types.ts';

/**
 * The pictures of a whole song as small numbers: one byte for the mixture's level and one for the mask in each cell of
 * time and frequency. Vocals and accompaniment are not kept: in decibels, mask × mixture is a sum, and a table of 256
 * entries makes it from the two bytes. Zoomed-out copies (each half as wide, the mean of two columns) keep drawing
 * cheap at every width. Pure: no canvas here.
 */

/** Level of byte 0, decibels; byte 255 is 0 dB, a full-scale sine. */
export const FLOOR_DB = -80;

/** Which of the four pictures. */
export type PictureKind = 'mixture' | 'mask' | 'vocals' | 'accompaniment';

/** The pictures in the order in which they follow from each other. */
export const PICTURE_KINDS: readonly PictureKind[] = ['mixture', 'mask', 'vocals', 'accompaniment'];

/** Byte of a linear magnitude (1 = 0 dB): 0 for everything at or below the floor, 255 at 0 dB and above. */
export function levelByte(magnitude: number): number {
  if (!(magnitude > 0)) return 0;
  const level = 255 * (1 - (20 * Math.log10(magnitude)) / FLOOR_DB);
  return Math.min(255, Math.max(0, Math.round(level)));
}

/** Decibels of a level byte, [−80, 0]; byte 0 stands for “at or below the floor”. */
export function byteDecibels(byte: number): number {
  return FLOOR_DB * (1 - byte / 255);
}

/** What a factor of byte / 255 takes off a level byte (≤ 0): the table that replaces a product by a sum. */
export const FACTOR_TO_LEVEL: Int16Array = Int16Array.from({ length: 256 }, (_, byte) =>
  byte === 0 ? -255 : Math.round((255 * 20 * Math.log10(byte / 255)) / -FLOOR_DB),
);

/** One width of the pictures: `columns` columns of `bins` bytes, index = column × bins + bin. */
export interface ImageLevel {
  readonly columns: number;
  readonly mixture: Uint8Array;
  readonly mask: Uint8Array;
}

/** Value of one cell of a picture, 0 to 255. */
export function cellByte(kind: PictureKind, mixture: number, mask: number): number {
  if (kind === 'mixture') return mixture;
  if (kind === 'mask') return mask;
  const level = mixture + FACTOR_TO_LEVEL[kind === 'vocals' ? mask : 255 - mask];
  return Math.max(level, 0);
}

/**
 * The pictures of one song, filling in as columns arrive.
 *
 * @example
 * const image = new SpectrogramImage(chunk.scale);
 * image.write(chunk.picture);
 * image.at(100, 40); // { decibels: −31.4, mask: 0.87 }
 */
export class SpectrogramImage {
  readonly scale: PictureScale;
  /** Level 0 has a column a frame, level n one for 2^n frames. */
  readonly levels: readonly ImageLevel[];
  #doneFrames = 0;

  constructor(scale: PictureScale) {
    this.scale = scale;
    const levels: ImageLevel[] = [];
    for (let columns = scale.frames; ; columns = Math.ceil(columns / 2)) {
      const cells = columns * scale.bins;
      levels.push({ columns, mixture: new Uint8Array(cells), mask: new Uint8Array(cells) });
      if (columns <= 256) break;
    }
    this.levels = levels;
  }

  /** Frames that are there, from the beginning. */
  get doneFrames(): number {
    return this.#doneFrames;
  }

  /** Columns of `level` that are final and will not change with the frames to come. */
  doneColumns(level: number): number {
    const { frames } = this.scale;
    return this.#doneFrames >= frames ? this.levels[level].columns : this.#doneFrames >> level;
  }

  /** Takes columns that have become final; what lies outside the song is dropped. */
  write(columns: PictureColumns): void {
    const { bins, frames } = this.scale;
    const count = Math.min(columns.frames, frames - columns.firstFrame);
    const { mixture, mask } = this.levels[0];
    const offset = columns.firstFrame * bins;
    for (let i = 0; i < count * bins; i++) {
      mixture[offset + i] = levelByte(columns.mixture[i]);
      mask[offset + i] = Math.round(255 * Math.min(1, Math.max(0, columns.mask[i])));
    }
    this.#doneFrames = Math.max(this.#doneFrames, columns.firstFrame + Math.max(0, count));
    this.#reduce(columns.firstFrame, columns.firstFrame + count);
  }

  /** The numbers of one cell: mixture in decibels (−80 for the floor and below) and mask; undefined where none are yet. */
  at(frame: number, bin: number): { readonly decibels: number; readonly mask: number } | undefined {
    const { bins } = this.scale;
    if (frame < 0 || bin < 0 || bin >= bins || frame >= this.#doneFrames) return undefined;
    const { mixture, mask } = this.levels[0];
    const index = frame * bins + bin;
    return { decibels: byteDecibels(mixture[index]), mask: mask[index] / 255 };
  }

  #reduce(fromFrame: number, toFrame: number): void {
    const { bins } = this.scale;
    let from = fromFrame;
    let to = toFrame;
    for (let n = 1; n < this.levels.length; n++) {
      const finer = this.levels[n - 1];
      const { columns, mixture, mask } = this.levels[n];
      from >>= 1;
      to = Math.min(columns, (to + 1) >> 1);
      for (let column = from; column < to; column++) {
        const left = 2 * column * bins;
        const right = Math.min(2 * column + 1, finer.columns - 1) * bins;
        const target = column * bins;
        for (let bin = 0; bin < bins; bin++) {
          mixture[target + bin] = (finer.mixture[left + bin] + finer.mixture[right + bin] + 1) >> 1;
          mask[target + bin] = (finer.mask[left + bin] + finer.mask[right + bin] + 1) >> 1;
        }
      }
    }
  }
}
