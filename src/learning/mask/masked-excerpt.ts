import type { SpectrogramScale } from '../../dsp/spectrogram-scale.ts';
import { levelByte } from '../sound/spectrogram.ts';
import type { Cell, Cells } from '../widgets/cells.ts';
import { type MaskShape, shapeMask } from './mask-shape.ts';

/** The numbers of one cell: product = mixture × mask. */
export interface CellNumbers extends Cell {
  readonly mixture: number;
  readonly mask: number;
  readonly product: number;
}

/** The three spectrograms of an excerpt. */
export type MaskedCells = Readonly<Record<'mixture' | 'mask' | 'product', Cells>>;

/** Mixture, mask and product of an excerpt: the numbers that are shown and read. */
export class MaskedExcerpt {
  readonly #scale: SpectrogramScale;
  readonly #magnitudes: Float32Array;
  readonly #networkMask: Float32Array;
  #mask: Float32Array;

  /**
   * @param magnitudes of the mixture, frames × bins
   * @param networkMask the network's mask of the vocals, frames × bins, values 0 to 1
   */
  constructor(scale: SpectrogramScale, magnitudes: Float32Array, networkMask: Float32Array) {
    this.#scale = { ...scale, frames: magnitudes.length / scale.bins };
    this.#magnitudes = magnitudes;
    this.#networkMask = networkMask;
    this.#mask = networkMask;
  }

  /** Uses the network's mask in another way. */
  shape(shape: MaskShape): void {
    this.#mask = shapeMask(this.#networkMask, shape);
  }

  get cells(): MaskedCells {
    const product = this.#magnitudes.map((value, i) => value * this.#mask[i]);
    const cells = (values: Uint8Array) => ({ ...this.#scale, values });
    return {
      mixture: cells(Uint8Array.from(this.#magnitudes, levelByte)),
      mask: cells(Uint8Array.from(this.#mask, (value) => Math.round(255 * value))),
      product: cells(Uint8Array.from(product, levelByte)),
    };
  }

  read({ frame, bin }: Cell): CellNumbers {
    const index = frame * this.#scale.bins + bin;
    const [mixture, mask] = [this.#magnitudes[index], this.#mask[index]];
    return { frame, bin, mixture, mask, product: mixture * mask };
  }
}
