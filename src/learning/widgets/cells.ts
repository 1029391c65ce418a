import type { RowBins } from '../../ui/spectrogram/frequency-axis.ts';

/** Where the cells of a spectrogram lie in time and frequency. */
export interface CellGrid {
  readonly frames: number;
  readonly bins: number;
  readonly firstBinHz: number;
  readonly binHz: number;
  readonly frameSeconds: number;
}

/** A spectrogram to show: `frames` columns of `bins` bytes, frame by frame. The centre of frame 0 is at second 0. */
export interface Cells extends CellGrid {
  readonly values: Uint8Array;
}

/** One cell of a spectrogram. */
export interface Cell {
  readonly frame: number;
  readonly bin: number;
}

/** The cell at a moment and a frequency; undefined outside the grid. */
export function cellAt(grid: CellGrid, seconds: number, hz: number): Cell | undefined {
  const frame = Math.round(seconds / grid.frameSeconds);
  const bin = Math.round((hz - grid.firstBinHz) / grid.binHz);
  if (frame < 0 || bin < 0 || frame >= grid.frames || bin >= grid.bins) return undefined;
  return { frame, bin };
}

/**
 * Paints the cells as frames × rows pixels, row by row from the top. A row that covers several bins shows their mean.
 *
 * @param colours 256 pixels, one for each value
 */
export function paintCells(
  { values, frames, bins }: Pick<Cells, 'values' | 'frames' | 'bins'>,
  { rows, from, to }: RowBins,
  colours: Uint32Array,
  out: Uint32Array,
): void {
  for (let row = 0; row < rows; row++) {
    const width = to[row] - from[row];
    for (let frame = 0; frame < frames; frame++) {
      const first = frame * bins + from[row];
      let sum = 0;
      for (let bin = 0; bin < width; bin++) sum += values[first + bin];
      out[row * frames + frame] = colours[(sum / width + 0.5) | 0];
    }
  }
}
