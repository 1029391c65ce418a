import type { SpectrogramColumns, SpectrogramScale } from '../../dsp/spectrogram-scale.ts';
import { type ImageShape, imageShape } from './tile-math.ts';

/**
 * The spectrograms of a whole song in compact form: for each cell of time and frequency, one byte for the level of the
 * mixture and one for the mask. Vocals, accompaniment and difference are derived: in decibels, mask × mixture is a sum,
 * which a table of 256 entries computes from the two bytes. Reduced copies (each half as wide, the mean power of two
 * columns) keep drawing cheap at every width. Uses no canvas.
 */

/** Level of byte 0, decibels; byte 255 is 0 dB, a full-scale sine. */
export const FLOOR_DB = -100;

/** The kinds of spectrograms. */
export type SpectrogramKind = 'mixture' | 'mask' | 'vocals' | 'accompaniment' | 'difference';

/** The kinds in their order on the page. */
export const SPECTROGRAM_KINDS: readonly SpectrogramKind[] = [
  'mixture',
  'mask',
  'vocals',
  'accompaniment',
  'difference',
];

/** Byte of a linear magnitude (1 = 0 dB): 0 at the floor and below, 255 at 0 dB and above. */
export function levelByte(magnitude: number): number {
  if (!(magnitude > 0)) return 0;
  const level = 255 * (1 - (20 * Math.log10(magnitude)) / FLOOR_DB);
  return Math.min(255, Math.max(0, Math.round(level)));
}

/** Decibels of a level byte, [−100, 0]; byte 0 means “at or below the floor”. */
export function byteDecibels(byte: number): number {
  return FLOOR_DB * (1 - byte / 255);
}

/** How much a factor of byte / 255 lowers a level byte (≤ 0): this table replaces a product by a sum. */
export const FACTOR_TO_LEVEL: Int16Array = Int16Array.from({ length: 256 }, (_, byte) =>
  byte === 0 ? -255 : Math.round((255 * 20 * Math.log10(byte / 255)) / -FLOOR_DB),
);

/** Difference between vocals and accompaniment at which the colours end, decibels. */
export const DIFFERENCE_DB = 40;

/** Vocals − accompaniment in decibels for each byte of the mask, ±127 for ±40 dB: 20 · log10(m / (1 − m)). */
export const MASK_TO_DIFFERENCE: Int16Array = Int16Array.from({ length: 256 }, (_, byte) => {
  const decibels = 20 * Math.log10(byte / (255 - byte));
  return Math.round(127 * Math.min(1, Math.max(-1, decibels / DIFFERENCE_DB)));
});

/** One level of detail: `columns` columns of `bins` bytes, index = column × bins + bin. */
export interface ImageLevel {
  readonly columns: number;
  readonly mixture: Uint8Array;
  readonly mask: Uint8Array;
}

/** Level byte of one cell, 0 to 255; for the mask, its own byte. */
export function cellByte(kind: Exclude<SpectrogramKind, 'difference'>, mixture: number, mask: number): number {
  if (kind === 'mixture') return mixture;
  if (kind === 'mask') return mask;
  const level = mixture + FACTOR_TO_LEVEL[kind === 'vocals' ? mask : 255 - mask];
  return Math.max(level, 0);
}

/** For two levels that differ by `apart` bytes: how many bytes their mean power lies below the greater level. */
const MEAN_BELOW_GREATER = Float32Array.from(
  { length: 256 },
  (_, apart) => (-10 * Math.log10((1 + 10 ** ((FLOOR_DB * apart) / 255 / 10)) / 2) * 255) / -FLOOR_DB,
);

/** The share of the greater level in their power. */
const SHARE_OF_GREATER = Float32Array.from(
  { length: 256 },
  (_, apart) => 1 / (1 + 10 ** ((FLOOR_DB * apart) / 255 / 10)),
);

/**
 * The spectrograms of one song. They fill in as columns arrive, in any order.
 *
 * @example
 * const image = new SpectrogramImage(chunk.scale);
 * image.write(chunk.spectrogram);
 * image.at(100, 40); // { decibels: −31.4, mask: 0.87 }
 */
export class SpectrogramImage {
  readonly scale: SpectrogramScale;
  readonly shape: ImageShape;
  /** Each level has half the columns of the one before. */
  readonly levels: readonly ImageLevel[];
  /** 1 for each column of level 0 that was written. */
  readonly #there: Uint8Array;

  constructor(scale: SpectrogramScale) {
    this.scale = scale;
    this.shape = imageShape(scale);
    this.levels = this.shape.columns.map((columns) => ({
      columns,
      mixture: new Uint8Array(columns * scale.bins),
      mask: new Uint8Array(columns * scale.bins),
    }));
    this.#there = new Uint8Array(this.shape.columns[0]);
  }

  /** Bytes of memory. */
  get bytes(): number {
    return this.levels.reduce((sum, { mixture }) => sum + 2 * mixture.length, this.#there.length);
  }

  /** Takes final columns; drops those outside the song. */
  write(columns: SpectrogramColumns): void {
    const { bins, frames } = this.scale;
    const { reduction } = this.shape;
    const { mixture, mask } = this.levels[0];
    const count = Math.min(columns.frames, frames - columns.firstFrame);
    for (let frame = 0; frame < count; frame++) {
      const column = (columns.firstFrame + frame) >> reduction;
      const from = frame * bins;
      const to = column * bins;
      // Of frames that share a column, each bin shows the loudest: the order of arrival does not matter.
      const shared = reduction > 0 && this.#there[column] === 1;
      for (let bin = 0; bin < bins; bin++) {
        const level = levelByte(columns.mixture[from + bin]);
        if (shared && level < mixture[to + bin]) continue;
        mixture[to + bin] = level;
        mask[to + bin] = Math.round(255 * Math.min(1, Math.max(0, columns.mask[from + bin])));
      }
      this.#there[column] = 1;
    }
    this.#reduce(columns.firstFrame >> reduction, ((columns.firstFrame + count - 1) >> reduction) + 1);
  }

  /**
   * The values of one cell: mixture in decibels (−100 at the floor and below) and mask; undefined if there are none
   * yet.
   */
  at(frame: number, bin: number): { readonly decibels: number; readonly mask: number } | undefined {
    const { bins, frames } = this.scale;
    const column = frame >> this.shape.reduction;
    if (frame < 0 || bin < 0 || bin >= bins || frame >= frames || !this.#there[column]) return undefined;
    const { mixture, mask } = this.levels[0];
    const index = column * bins + bin;
    return { decibels: byteDecibels(mixture[index]), mask: mask[index] / 255 };
  }

  /** Whether a column of level 0 was written. */
  has(column: number): boolean {
    return this.#there[column] === 1;
  }

  #reduce(fromColumn: number, toColumn: number): void {
    const { bins } = this.scale;
    let from = fromColumn;
    let to = toColumn;
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
          const a = finer.mixture[left + bin];
          const b = finer.mixture[right + bin];
          const apart = a > b ? a - b : b - a;
          mixture[target + bin] = Math.round((a > b ? a : b) - MEAN_BELOW_GREATER[apart]);
          // Weighted by power: silent cells say nothing about the voice.
          const share = a >= b ? SHARE_OF_GREATER[apart] : 1 - SHARE_OF_GREATER[apart];
          mask[target + bin] = Math.round(share * finer.mask[left + bin] + (1 - share) * finer.mask[right + bin]);
        }
      }
    }
  }
}
