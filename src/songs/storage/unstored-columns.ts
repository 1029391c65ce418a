import { decodeCells, encodeCells, type SpectrogramCells } from './spectrogram-cells.ts';
import type { StoredColumns } from './spectrogram-file.ts';

/** Most bytes of memory for them: more than an hour of any built-in model. */
const MAX_BYTES = 536_870_912;

type Facts = Omit<StoredColumns, 'mixture' | 'mask'>;

/** Columns of spectrograms that found no space on the disk, in memory until they do: 3 bytes a cell. */
export class UnstoredColumns {
  #columns: (SpectrogramCells & Facts)[] = [];
  #bytes = 0;

  /** Takes a copy of columns; drops them where too many are waiting. */
  add(columns: StoredColumns): void {
    const { firstFrame, frames, bins, songFrames } = columns;
    const count = bins * Math.max(0, Math.min(frames, songFrames - firstFrame));
    const bytes = 3 * count;
    if (this.#bytes + bytes > MAX_BYTES) return;
    this.#bytes += bytes;
    const cells = { cells: new Uint16Array(count), levels: new Uint8Array(count) };
    encodeCells(columns, count, cells, 0);
    this.#columns.push({ ...cells, firstFrame, frames: count / bins, bins, songFrames });
  }

  /**
   * Stores them, one after the other; what is stored is forgotten.
   *
   * @param store resolves to whether there was space
   * @returns whether all are stored
   */
  async storeAll(store: (columns: StoredColumns) => Promise<boolean>): Promise<boolean> {
    for (let next = this.#columns[0]; next; next = this.#columns[0]) {
      const { cells, levels, ...facts } = next;
      if (!(await store({ ...facts, ...decodeCells({ cells, levels }) }))) return false;
      this.#columns.shift();
      this.#bytes -= cells.byteLength + levels.byteLength;
    }
    return true;
  }
}
