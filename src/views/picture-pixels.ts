import type { RowBins } from './frequency-axis.ts';
import { FACTOR_TO_LEVEL, type ImageLevel, type PictureKind } from './spectrogram-image.ts';

const NOTHING = new Int16Array(256);
const MASK_ITSELF = Int16Array.from({ length: 256 }, (_, byte) => byte);
const REST_TO_LEVEL = Int16Array.from({ length: 256 }, (_, byte) => FACTOR_TO_LEVEL[255 - byte]);

/**
 * Paints `count` columns of one picture, from `firstColumn` on, as pixels: one pixel a column, `rows.rows` rows, the
 * top row the highest frequency. A row that covers several bins shows the mean of their values.
 * @param colours 256 pixels, one for each value; see colour-maps.ts.
 * @param out Receives count × rows pixels, row by row.
 */
export function paintColumns(
  kind: PictureKind,
  level: ImageLevel,
  bins: number,
  firstColumn: number,
  count: number,
  rows: RowBins,
  colours: Uint32Array,
  out: Uint32Array,
): void {
  // value = mixture's byte (or 0) + table[mask's byte], not below 0: one loop for all four pictures.
  const table = { mixture: NOTHING, mask: MASK_ITSELF, vocals: FACTOR_TO_LEVEL, accompaniment: REST_TO_LEVEL }[kind];
  const useMixture = kind === 'mask' ? 0 : 255;
  const { mixture, mask } = level;
  const { from, to } = rows;
  for (let column = 0; column < count; column++) {
    const base = (firstColumn + column) * bins;
    for (let row = 0; row < rows.rows; row++) {
      const end = base + to[row];
      let sum = 0;
      for (let cell = base + from[row]; cell < end; cell++) {
        const value = (mixture[cell] & useMixture) + table[mask[cell]];
        if (value > 0) sum += value;
      }
      const width = to[row] - from[row];
      out[row * count + column] = colours[width === 1 ? sum : (sum / width + 0.5) | 0];
    }
  }
}
