import { shareable } from '../../core/memory.ts';
import type { SpectrogramColumns, SpectrogramScale } from '../../dsp/spectrogram-scale.ts';
import type { MaskFrames } from './mask-frames.ts';
import { decodeCells, encodeCells, ONE } from './spectrogram-cells.ts';

export { ONE };

/**
 * The network's mask of a song's vocals, stored with 16 bits a cell: the rounding error is 100 dB below. It is needed to
 * undo painted changes. The mixture's levels, to 0.4 dB, are stored beside it and shown under the painting.
 */
export class StoredMask implements MaskFrames {
  readonly scale: SpectrogramScale;
  readonly #cells: Uint16Array;
  readonly #levels: Uint8Array;
  /** 1 for each stored frame: pieces may come in any order. */
  readonly #there: Uint8Array;

  constructor(scale: SpectrogramScale) {
    this.scale = scale;
    const size = scale.frames * scale.bins;
    this.#cells = new Uint16Array(shareable(size * Uint16Array.BYTES_PER_ELEMENT));
    this.#levels = new Uint8Array(shareable(size));
    this.#there = new Uint8Array(scale.frames);
  }

  /** All numbers of a whole mask, as `restored` takes them; views, not to be written to. */
  get numbers(): { readonly cells: Uint16Array; readonly levels: Uint8Array } {
    return { cells: this.#cells, levels: this.#levels };
  }

  /** The mask whose `numbers` these are; all of it is there. The numbers are copied. */
  static restored(scale: SpectrogramScale, cells: Uint16Array, levels: Uint8Array): StoredMask {
    const mask = new StoredMask(scale);
    mask.#cells.set(cells);
    mask.#levels.set(levels);
    mask.#there.fill(1);
    return mask;
  }

  /** Frames [from, to) as columns of spectrograms. Levels come back to 0.4 dB, those below −100 dB as silence. */
  columns(from: number, to: number): SpectrogramColumns {
    const { bins } = this.scale;
    const [first, end] = [from * bins, to * bins];
    const numbers = decodeCells({ cells: this.#cells.subarray(first, end), levels: this.#levels.subarray(first, end) });
    return { firstFrame: from, frames: to - from, bins, ...numbers };
  }

  has(frame: number): boolean {
    return this.#there[frame] === 1;
  }

  async load(): Promise<boolean> {
    // All that is separated is in memory.
    return false;
  }

  /** Stores final columns; those outside the song are dropped. */
  write(columns: SpectrogramColumns): void {
    const { firstFrame, frames, bins } = columns;
    const count = Math.min(frames, this.scale.frames - firstFrame);
    encodeCells(columns, count * bins, this.numbers, firstFrame * bins);
    this.#there.fill(1, firstFrame, firstFrame + Math.max(0, count));
  }

  row(frame: number): Uint16Array {
    const { bins } = this.scale;
    return this.#cells.subarray(frame * bins, (frame + 1) * bins);
  }

  levels(frame: number): Uint8Array {
    const { bins } = this.scale;
    return this.#levels.subarray(frame * bins, (frame + 1) * bins);
  }
}
