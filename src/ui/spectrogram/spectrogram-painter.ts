import type { SpectrogramScale } from '../../dsp/spectrogram-scale.ts';
import { frequencyAxis, type RowBins, rowBins } from './frequency-axis.ts';
import type { SpectrogramImage, SpectrogramKind } from './spectrogram-image.ts';
import type { TileOrder } from './spectrogram-orders.ts';
import { paintColumns } from './spectrogram-pixels.ts';
import { differenceWeights, pixelTable, type SpectrogramStyle } from './spectrogram-style.ts';

/** The axis of a song's pictures. */
export function axisOf(scale: SpectrogramScale, kind: SpectrogramStyle['axis']) {
  return frequencyAxis(kind, scale.firstBinHz + scale.bins * scale.binHz);
}

/** What tiles of one look have in common. */
interface Look {
  readonly rows: RowBins;
  readonly weights: Float32Array;
  readonly colours: Partial<Record<SpectrogramKind, Uint32Array>>;
}

/** Paints tiles of one song; tables are made once for each look. */
export class SpectrogramPainter {
  readonly #image: SpectrogramImage;
  #key = '';
  #look: Look | undefined;

  constructor(image: SpectrogramImage) {
    this.#image = image;
  }

  /** The pixels of a tile, `place.columns` × `rows`, row by row. */
  paint({ kind, place, rows, style }: TileOrder): Uint32Array<ArrayBuffer> {
    const look = this.#lookOf(rows, style);
    look.colours[kind] ??= pixelTable(kind, style);
    const out = new Uint32Array(place.columns * rows);
    const order = {
      kind,
      level: this.#image.levels[place.level],
      bins: this.#image.scale.bins,
      firstColumn: place.firstColumn,
      count: place.columns,
      rows: look.rows,
      colours: look.colours[kind],
      weights: look.weights,
    };
    paintColumns(order, out);
    return out;
  }

  #lookOf(rows: number, style: SpectrogramStyle): Look {
    const key = `${rows} ${style.axis} ${style.map} ${style.floorDb} ${style.ceilingDb}`;
    if (this.#look && key === this.#key) return this.#look;
    const { scale } = this.#image;
    this.#key = key;
    this.#look = {
      rows: rowBins(axisOf(scale, style.axis), rows, scale),
      weights: differenceWeights(style),
      colours: {},
    };
    return this.#look;
  }
}
