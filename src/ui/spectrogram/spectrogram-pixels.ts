import { NEUTRAL } from './colour-maps.ts';
import type { RowBins } from './frequency-axis.ts';
import { FACTOR_TO_LEVEL, type ImageLevel, MASK_TO_DIFFERENCE, type SpectrogramKind } from './spectrogram-image.ts';

const NOTHING = new Int16Array(256);
const REST_TO_LEVEL = Int16Array.from({ length: 256 }, (_, byte) => FACTOR_TO_LEVEL[255 - byte]);

/** What to paint: these columns of one level, on these rows, in these colours. */
export interface PaintRequest {
  readonly kind: SpectrogramKind;
  readonly level: ImageLevel;
  readonly bins: number;
  readonly firstColumn: number;
  readonly count: number;
  readonly rows: RowBins;
  /** One pixel for each of the 256 values; see spectrogram-style.ts. */
  readonly colours: Uint32Array;
  /** For mask and difference: their weight, 0 to 1, at each level byte of the mixture. */
  readonly weights: Float32Array;
}

/**
 * Paints columns of one spectrogram as pixels: one pixel per column, the highest frequency in the top row. A row that
 * covers several bins shows the mean of their values; one without bins shows the ground.
 * @param out Receives count × rows pixels, row by row.
 */
export function paintColumns(request: PaintRequest, out: Uint32Array): void {
  if (request.kind === 'difference') paintDifference(request, out);
  else if (request.kind === 'mask') paintMask(request, out);
  else paintLevels(request, out);
}

function paintLevels({ kind, level, bins, firstColumn, count, rows, colours }: PaintRequest, out: Uint32Array): void {
  // value = mixture's byte + table[mask's byte], at least 0: one loop serves all three kinds.
  const tables = { mixture: NOTHING, vocals: FACTOR_TO_LEVEL, accompaniment: REST_TO_LEVEL };
  const table = tables[kind as keyof typeof tables];
  const { mixture, mask } = level;
  const { from, to } = rows;
  for (let column = 0; column < count; column++) {
    const base = (firstColumn + column) * bins;
    for (let row = 0; row < rows.rows; row++) {
      const end = base + to[row];
      let sum = 0;
      for (let cell = base + from[row]; cell < end; cell++) {
        const value = mixture[cell] + table[mask[cell]];
        if (value > 0) sum += value;
      }
      const width = to[row] - from[row];
      out[row * count + column] = colours[width <= 1 ? sum : (sum / width + 0.5) | 0];
    }
  }
}

function paintMask({ level, bins, firstColumn, count, rows, colours, weights }: PaintRequest, out: Uint32Array): void {
  const { mixture, mask } = level;
  const { from, to } = rows;
  for (let column = 0; column < count; column++) {
    const base = (firstColumn + column) * bins;
    for (let row = 0; row < rows.rows; row++) {
      const end = base + to[row];
      let sum = 0;
      for (let cell = base + from[row]; cell < end; cell++) sum += mask[cell] * weights[mixture[cell]];
      out[row * count + column] = colours[(sum / Math.max(1, to[row] - from[row]) + 0.5) | 0];
    }
  }
}

function paintDifference({ level, bins, firstColumn, count, rows, colours, weights }: PaintRequest, out: Uint32Array) {
  const { mixture, mask } = level;
  const { from, to } = rows;
  for (let column = 0; column < count; column++) {
    const base = (firstColumn + column) * bins;
    for (let row = 0; row < rows.rows; row++) {
      const end = base + to[row];
      let sum = 0;
      for (let cell = base + from[row]; cell < end; cell++) {
        sum += MASK_TO_DIFFERENCE[mask[cell]] * weights[mixture[cell]];
      }
      out[row * count + column] = colours[NEUTRAL + Math.round(sum / Math.max(1, to[row] - from[row]))];
    }
  }
}
