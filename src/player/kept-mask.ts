import type { PictureColumns, PictureScale } from '../separation/types.ts';

/** Greatest whole number that stands for a mask value: 1. */
const ONE = 65535;

/**
 * The mask of a song's vocals as the network gave it, kept with 16 bits a cell: what is rounded off is 100 dB below.
 * Without it a person's changes could not be taken back.
 */
export class KeptMask {
  readonly scale: PictureScale;
  readonly #cells: Uint16Array;
  /** 1 for each frame that is there: pieces may come in any order. */
  readonly #there: Uint8Array;

  constructor(scale: PictureScale) {
    this.scale = scale;
    this.#cells = new Uint16Array(scale.frames * scale.bins);
    this.#there = new Uint8Array(scale.frames);
  }

  /** Whether a frame is there. */
  has(frame: number): boolean {
    return this.#there[frame] === 1;
  }

  /** Takes columns that have become final; what lies outside the song is dropped. */
  write({ firstFrame, frames, bins, mask }: PictureColumns): void {
    const count = Math.min(frames, this.scale.frames - firstFrame);
    for (let cell = 0, at = firstFrame * bins; cell < count * bins; cell++, at++) {
      this.#cells[at] = Math.round(ONE * Math.min(1, Math.max(0, mask[cell])));
    }
    this.#there.fill(1, firstFrame, firstFrame + Math.max(0, count));
  }

  /** Values in [0, 1] of `frames` frames from `firstFrame` on, frame by frame, into `out`. */
  read(firstFrame: number, frames: number, out: Float32Array): void {
    const { bins } = this.scale;
    const from = firstFrame * bins;
    for (let cell = 0; cell < frames * bins; cell++) out[cell] = this.#cells[from + cell] / ONE;
  }
}
