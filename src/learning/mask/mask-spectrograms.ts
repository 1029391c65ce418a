import type { Scope } from '../../core/scope.ts';
import type { SpectrogramScale } from '../../dsp/spectrogram-scale.ts';
import { h } from '../../ui/shell/dom.ts';
import { magma, viridis } from '../../ui/spectrogram/colour-maps.ts';
import { type AxisKind, frequencyAxis } from '../../ui/spectrogram/frequency-axis.ts';
import { levelByte } from '../sound/spectrogram.ts';
import { SpectrogramCanvas } from '../widgets/spectrogram-canvas.ts';
import type { SpectrogramLink } from '../widgets/spectrogram-link.ts';
import { type MaskShape, shapeMask } from './mask-shape.ts';

/** The numbers of one cell. */
export interface CellNumbers {
  readonly frame: number;
  readonly bin: number;
  readonly mixture: number;
  readonly mask: number;
  readonly product: number;
}

/** Mixture, mask and product of a piece, side by side, of the same numbers that are read under the pointer. */
export class MaskSpectrograms {
  readonly element: HTMLElement;
  readonly mixture: SpectrogramCanvas;
  readonly mask: SpectrogramCanvas;
  readonly product: SpectrogramCanvas;
  readonly #link: SpectrogramLink;
  /** Frames × bins of the piece. */
  #magnitudes = new Float32Array(0);
  #given = new Float32Array(0);
  #shaped = new Float32Array(0);
  #scale: SpectrogramScale | undefined;
  #frames = 0;
  #startSeconds = 0;

  constructor(scope: Scope, link: SpectrogramLink) {
    this.#link = link;
    this.mixture = new SpectrogramCanvas(scope, link);
    this.mask = new SpectrogramCanvas(scope, link);
    this.product = new SpectrogramCanvas(scope, link);
    this.element = h('div', { class: 'three' }, this.mixture.element, this.mask.element, this.product.element);
  }

  get all(): readonly SpectrogramCanvas[] {
    return [this.mixture, this.mask, this.product];
  }

  /**
   * Takes the numbers of a piece.
   * @param startSeconds moment of its first frame's centre, from the piece's beginning
   */
  use(
    scale: SpectrogramScale,
    magnitudes: Float32Array<ArrayBuffer>,
    mask: Float32Array<ArrayBuffer>,
    startSeconds: number,
  ): void {
    this.#scale = scale;
    this.#magnitudes = magnitudes;
    this.#given = mask;
    this.#frames = magnitudes.length / scale.bins;
    this.#startSeconds = startSeconds;
  }

  /** Draws all three. */
  show(shape: MaskShape, axisKind: AxisKind): void {
    const scale = this.#scale;
    if (!scale) return;
    this.#shaped = shapeMask(this.#given, shape);
    const product = this.#magnitudes.map((value, i) => value * this.#shaped[i]);
    const axis = frequencyAxis(axisKind, scale.firstBinHz + (scale.bins - 1) * scale.binHz);
    const cells = (values: Uint8Array) => ({
      ...scale,
      frames: this.#frames,
      values,
      startSeconds: this.#startSeconds,
    });
    this.mixture.show(cells(Uint8Array.from(this.#magnitudes, levelByte)), magma, axis);
    this.mask.show(cells(Uint8Array.from(this.#shaped, (value) => Math.round(255 * value))), viridis, axis);
    this.product.show(cells(Uint8Array.from(product, levelByte)), magma, axis);
  }

  /** The numbers under the cursor; undefined where it points at nothing. */
  get read(): CellNumbers | undefined {
    const { cursor } = this.#link;
    const place = cursor && this.mixture.cellAt(cursor.seconds, cursor.hz);
    if (!place || !this.#scale) return undefined;
    const index = place.frame * this.#scale.bins + place.bin;
    const [mixture, mask] = [this.#magnitudes[index], this.#shaped[index]];
    return { ...place, mixture, mask, product: mixture * mask };
  }
}
