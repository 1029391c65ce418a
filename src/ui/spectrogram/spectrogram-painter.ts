import { type SpectrogramScale, topOf } from '../../dsp/spectrogram-scale.ts';
import { frequencyAxis, type RowBins, rowBins } from './frequency-axis.ts';
import type { SpectrogramImage, SpectrogramKind } from './spectrogram-image.ts';
import { paintColumns } from './spectrogram-pixels.ts';
import type { TileRequest } from './spectrogram-requests.ts';
import { levelWeights, pixelTable, type SpectrogramStyle } from './spectrogram-style.ts';

/** The frequency axis of a song's spectrograms. */
export function axisOf(scale: SpectrogramScale, { axis, topHz }: Pick<SpectrogramStyle, 'axis' | 'topHz'>) {
  return frequencyAxis(axis, topHz ?? topOf(scale));
}

/** Tables for tiles of one height and style. */
interface TileTables {
  readonly rows: RowBins;
  readonly weights: Float32Array;
  readonly maskWeights: Float32Array;
  readonly colours: Partial<Record<SpectrogramKind, Uint32Array>>;
}

/** Paints tiles of one song; computes the tables once for each height and style. */
export class SpectrogramPainter {
  readonly #image: SpectrogramImage;
  #key = '';
  #tables: TileTables | undefined;

  constructor(image: SpectrogramImage) {
    this.#image = image;
  }

  /** The pixels of a tile, `place.columns` × `rows`, row by row. */
  paint({ kind, place, rows, style }: TileRequest): Uint32Array<ArrayBuffer> {
    const tables = this.#tablesFor(rows, style);
    tables.colours[kind] ??= pixelTable(kind, style);
    const out = new Uint32Array(place.columns * rows);
    const request = {
      kind,
      level: this.#image.levels[place.level],
      bins: this.#image.scale.bins,
      firstColumn: place.firstColumn,
      count: place.columns,
      rows: tables.rows,
      colours: tables.colours[kind],
      weights: kind === 'mask' ? tables.maskWeights : tables.weights,
    };
    paintColumns(request, out);
    return out;
  }

  #tablesFor(rows: number, style: SpectrogramStyle): TileTables {
    const key = `${rows} ${style.axis} ${style.map} ${style.floorDb} ${style.ceilingDb} ${style.dimMask} ${style.topHz}`;
    if (this.#tables && key === this.#key) return this.#tables;
    const { scale } = this.#image;
    this.#key = key;
    const weights = levelWeights(style);
    this.#tables = {
      rows: rowBins(axisOf(scale, style), rows, scale),
      weights,
      maskWeights: style.dimMask ? weights : new Float32Array(256).fill(1),
      colours: {},
    };
    return this.#tables;
  }
}
