/** The whole number that stands for a mask value of 1. */
export const ONE = 65535;

/** Level of byte 0, decibels below a full-scale sine; byte 255 is 0 dB. */
const FLOOR_DB = -100;

/** The magnitude of each level. */
const MAGNITUDES = Float32Array.from({ length: 256 }, (_, level) =>
  level === 0 ? 0 : 10 ** ((FLOOR_DB * (1 - level / 255)) / 20),
);

/**
 * Columns of spectrograms as they are stored: of the mask 16 bits a cell, of the mixture's magnitude a level of 8 bits.
 */
export interface SpectrogramCells {
  readonly cells: Uint16Array;
  readonly levels: Uint8Array;
}

/** Writes `count` cells of a spectrogram into `out` from `at` on. */
export function encodeCells(
  { mask, mixture }: { readonly mask: Float32Array; readonly mixture: Float32Array },
  count: number,
  { cells, levels }: SpectrogramCells,
  at: number,
): void {
  for (let cell = 0, to = at; cell < count; cell++, to++) {
    cells[to] = Math.round(ONE * Math.min(1, Math.max(0, mask[cell])));
    const level = mixture[cell] > 0 ? 255 * (1 - (20 * Math.log10(mixture[cell])) / FLOOR_DB) : 0;
    levels[to] = Math.min(255, Math.max(0, Math.round(level)));
  }
}

/** The numbers again: levels to 0.4 dB, those below −100 dB as silence. */
export function decodeCells({ cells, levels }: SpectrogramCells): { mask: Float32Array; mixture: Float32Array } {
  const mixture = new Float32Array(levels.length);
  const mask = new Float32Array(cells.length);
  for (let n = 0; n < levels.length; n++) mixture[n] = MAGNITUDES[levels[n]];
  for (let n = 0; n < cells.length; n++) mask[n] = cells[n] / ONE;
  return { mixture, mask };
}
