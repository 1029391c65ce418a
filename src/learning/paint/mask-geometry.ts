import type { SpectrogramScale } from '../../dsp/spectrogram-scale.ts';
import {
  type AxisKind,
  type FrequencyAxis,
  frequencyAxis,
  hzOfUnit,
  unitOfHz,
} from '../../ui/spectrogram/frequency-axis.ts';
import type { Viewport } from '../../ui/timeline/viewport.ts';

/** A place on the mask, in cells; may lie between cells and outside the mask. */
export interface MaskPlace {
  readonly frame: number;
  readonly bin: number;
}

/** What is needed to convert between cells and the screen. */
export interface MaskGeometryOptions {
  readonly scale: SpectrogramScale;
  /** Seconds that are shown. */
  readonly view: Pick<Viewport, 'start' | 'span'>;
  readonly axis: AxisKind;
  /** Of the canvas on the screen, CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** Converts between cells of the mask and shares of the canvas: x from 0 (left) to 1, y from 0 (bottom) to 1. */
export class MaskGeometry {
  readonly width: number;
  readonly height: number;
  readonly axis: FrequencyAxis;
  readonly #scale: SpectrogramScale;
  readonly #view: Pick<Viewport, 'start' | 'span'>;

  constructor({ scale, view, axis, width, height }: MaskGeometryOptions) {
    this.width = width;
    this.height = height;
    this.axis = frequencyAxis(axis, scale.firstBinHz + scale.bins * scale.binHz);
    this.#scale = scale;
    this.#view = view;
  }

  /** The place at a share of width and height. Heights outside the canvas count as its edges. */
  placeOf(x: number, y: number): MaskPlace {
    const { frameSeconds, firstBinHz, binHz } = this.#scale;
    const { start, span } = this.#view;
    return {
      frame: (start + x * span) / frameSeconds,
      bin: (hzOfUnit(this.axis, Math.min(1, Math.max(0, y))) - firstBinHz) / binHz,
    };
  }

  /** The share of width and height at which a place lies. */
  unitsOf({ frame, bin }: MaskPlace): { readonly x: number; readonly y: number } {
    const { frameSeconds, firstBinHz, binHz } = this.#scale;
    const { start, span } = this.#view;
    return { x: (frame * frameSeconds - start) / span, y: unitOfHz(this.axis, firstBinHz + bin * binHz) };
  }

  /** A brush radius of some pixels, in frames, and in bins as the axis has them at a place. */
  radiusAt(place: MaskPlace, pixels: number): { readonly radiusFrames: number; readonly radiusBins: number } {
    const { x, y } = this.unitsOf(place);
    const side = this.placeOf(x + pixels / this.width, y);
    const above = this.placeOf(x, y + pixels / this.height);
    const below = this.placeOf(x, y - pixels / this.height);
    return { radiusFrames: side.frame - place.frame, radiusBins: Math.max(0.5, (above.bin - below.bin) / 2) };
  }
}
