import { type AccessHandle, readAll, resize, writeAll } from '../../core/access-handle.ts';
import { freeMemory } from '../../core/memory.ts';
import type { SpectrogramColumns } from '../../dsp/spectrogram-scale.ts';
import { decodeCells, encodeCells, type SpectrogramCells } from './spectrogram-cells.ts';

/** Columns of a song's spectrograms, and how many the whole song has. */
export interface StoredColumns extends SpectrogramColumns {
  readonly songFrames: number;
}

const MASK_BYTES = Uint16Array.BYTES_PER_ELEMENT;

/**
 * The spectrograms of a song in two files, mask and levels, frame by frame: as the archive keeps them. See
 * spectrogram-cells.ts.
 */
export class SpectrogramFile {
  readonly #mask: AccessHandle;
  readonly #levels: AccessHandle;
  /** Cells for which there is space. */
  #reserved = 0;

  constructor(mask: AccessHandle, levels: AccessHandle) {
    this.#mask = mask;
    this.#levels = levels;
  }

  /**
   * Stores columns. The first call allocates space for all; columns outside the song are dropped.
   *
   * @throws DOMException, QuotaExceededError where there is no space
   */
  write(columns: StoredColumns): void {
    const { firstFrame, frames, bins, songFrames } = columns;
    this.#reserve(songFrames * bins);
    const count = bins * Math.max(0, Math.min(frames, songFrames - firstFrame));
    const cells = new Uint16Array(count);
    const levels = new Uint8Array(count);
    encodeCells(columns, count, { cells, levels }, 0);
    writeAll(this.#mask, new Uint8Array(cells.buffer), firstFrame * bins * MASK_BYTES);
    writeAll(this.#levels, levels, firstFrame * bins);
    freeMemory([cells, levels]);
  }

  /** Frames [first, end) with `bins` cells each; silence where nothing was written. */
  read(first: number, end: number, bins: number): SpectrogramColumns {
    const frames = Math.max(0, end - first);
    return { firstFrame: first, frames, bins, ...decodeCells(this.readCells(first, end, bins)) };
  }

  /** The same as it lies in the files. */
  readCells(first: number, end: number, bins: number): SpectrogramCells {
    const count = bins * Math.max(0, end - first);
    const cells = new Uint16Array(count);
    const levels = new Uint8Array(count);
    readAll(this.#mask, new Uint8Array(cells.buffer), first * bins * MASK_BYTES);
    readAll(this.#levels, levels, first * bins);
    return { cells, levels };
  }

  flush(): void {
    this.#mask.flush();
    this.#levels.flush();
  }

  close(): void {
    this.#mask.close();
    this.#levels.close();
  }

  #reserve(cells: number): void {
    if (cells === this.#reserved) return;
    resize(this.#mask, cells * MASK_BYTES);
    resize(this.#levels, cells);
    this.#reserved = cells;
  }
}
