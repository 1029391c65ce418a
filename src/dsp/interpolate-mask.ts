import { ParameterError } from '../core/errors.ts';
import type { LearntHighBand } from './high-band.ts';
import type { SpectrogramScale } from './spectrogram-scale.ts';

/**
 * The mask above the model's band, one value at any time. `mean`: `gain` × the mean of the mask over [fromHz, top of
 * the band], at most 1. `zero`: 0. `learnt`: MaskInterpolator repeats the value at the top of the band, and
 * HighBandGains replaces it.
 */
export type HighBandRule =
  | { readonly rule: 'mean'; readonly fromHz: number; readonly gain: number }
  | { readonly rule: 'zero' }
  | LearntHighBand;

export interface MaskInterpolatorOptions {
  readonly scale: Omit<SpectrogramScale, 'frames'>;
  /** The target STFT: fftSize / 2 + 1 bins from 0 Hz to half of `sampleRate`. */
  readonly fftSize: number;
  readonly sampleRate: number;
  /** The mask one bin below `firstBinHz` and lower, if there are such frequencies. Default: 0. */
  readonly belowBand?: number;
  readonly highBand: HighBandRule;
}

/** Frames of a mask in the model's resolution. */
export interface MaskPiece {
  /** Frame by frame: index = frame × bins + bin. */
  readonly masks: Float32Array;
  /** Frames in `masks`, ≥ 1. */
  readonly frames: number;
  /** The first frame's number in the song. Default: 0. */
  readonly firstFrame?: number;
}

/** Bins at the top of the model's band over which the mask fades into the high band's value. */
const FADE_BINS = 8;

/**
 * Interpolates a mask from the model's resolution to the linear bins of another STFT, at any time. Bilinear in time and
 * frequency; before the first frame and after the last it repeats that frame. The last 8 bins are cross-faded linearly
 * into the high band's value. If the target STFT ends within one bin of the band's top, there is no high band and no
 * fade.
 *
 * @example
 * const interpolator = new MaskInterpolator({ scale, fftSize: 4096, sampleRate: 44100, highBand: { rule: 'zero' } });
 * interpolator.at({ masks, frames }, seconds, out);
 */
export class MaskInterpolator {
  /** fftSize / 2 + 1: the length of what {@link at} writes. */
  readonly bins: number;
  readonly #scale: Omit<SpectrogramScale, 'frames'>;
  readonly #belowBand: number;
  readonly #highBand: HighBandRule;
  /** The first model bin of the mean. */
  readonly #meanFrom: number;
  readonly #hasHighBand: boolean;
  /** The mask at one time: a value below the band, the model's bins, a value above the band. */
  readonly #row: Float64Array;
  /** For each target bin, the lower of two neighbours in the row, and the upper one's weight. */
  readonly #lower: Int32Array;
  readonly #weight: Float64Array;

  /** @throws ParameterError when the scale or the rule is out of range */
  constructor({ scale, fftSize, sampleRate, belowBand = 0, highBand }: MaskInterpolatorOptions) {
    requirePositive({ bins: scale.bins, binHz: scale.binHz, frameSeconds: scale.frameSeconds, fftSize, sampleRate });
    const topHz = scale.firstBinHz + (scale.bins - 1) * scale.binHz;
    if (!(scale.firstBinHz >= 0) || !(belowBand >= 0)) {
      throw new ParameterError('mask.first-bin', { firstBinHz: scale.firstBinHz, belowBand });
    }
    if (highBand.rule === 'mean' && !(highBand.gain >= 0 && highBand.fromHz >= 0 && highBand.fromHz <= topHz)) {
      throw new ParameterError('mask.high-band', { gain: highBand.gain, fromHz: highBand.fromHz, topHz });
    }
    this.bins = fftSize / 2 + 1;
    this.#scale = scale;
    this.#belowBand = belowBand;
    this.#highBand = highBand;
    const meanFromBin =
      highBand.rule === 'mean' ? Math.ceil((highBand.fromHz - scale.firstBinHz) / scale.binHz - 1e-9) : 0;
    this.#meanFrom = Math.min(scale.bins - 1, Math.max(0, meanFromBin));
    this.#hasHighBand = sampleRate / 2 > topHz + scale.binHz * (1 + 1e-9);
    this.#row = new Float64Array(scale.bins + 2);
    this.#lower = new Int32Array(this.bins);
    this.#weight = new Float64Array(this.bins);
    for (let bin = 0; bin < this.bins; bin++) {
      const inModelBins = ((bin * sampleRate) / fftSize - scale.firstBinHz) / scale.binHz;
      const inRow = Math.min(scale.bins + 1, Math.max(0, inModelBins + 1));
      this.#lower[bin] = Math.min(scale.bins, Math.floor(inRow));
      this.#weight[bin] = inRow - this.#lower[bin];
    }
  }

  /**
   * Writes the mask at `seconds` into `out`. Allocates nothing.
   *
   * @param seconds 0 s is the centre of frame 0
   * @param out `bins` values, receives the mask in [0, 1]
   * @throws ParameterError when there is no frame or an array is too short
   */
  at({ masks, frames, firstFrame = 0 }: MaskPiece, seconds: number, out: Float32Array): void {
    const { bins } = this.#scale;
    if (!(frames >= 1) || masks.length < frames * bins || out.length < this.bins || !Number.isFinite(seconds)) {
      throw new ParameterError('mask.read', { wanted: this.bins, seconds, frames, bins });
    }
    this.#interpolateTime(masks, frames, seconds / this.#scale.frameSeconds - firstFrame);
    this.#joinHighBand();
    const row = this.#row;
    const lower = this.#lower;
    const weight = this.#weight;
    for (let bin = 0; bin < this.bins; bin++) {
      const index = lower[bin];
      out[bin] = row[index] + weight[bin] * (row[index + 1] - row[index]);
    }
  }

  #interpolateTime(masks: Float32Array, frames: number, inFrames: number): void {
    const { bins } = this.#scale;
    const row = this.#row;
    const frame = Math.min(frames - 1, Math.max(0, inFrames));
    const early = Math.floor(frame);
    const late = Math.min(frames - 1, early + 1);
    const weight = frame - early;
    row[0] = this.#belowBand;
    for (let bin = 0, a = early * bins, b = late * bins; bin < bins; bin++, a++, b++) {
      row[bin + 1] = masks[a] + weight * (masks[b] - masks[a]);
    }
  }

  #joinHighBand(): void {
    const { bins } = this.#scale;
    const row = this.#row;
    if (!this.#hasHighBand || this.#highBand.rule === 'learnt') {
      row[bins + 1] = row[bins];
      return;
    }
    let value = 0;
    if (this.#highBand.rule === 'mean') {
      for (let bin = this.#meanFrom; bin < bins; bin++) value += row[bin + 1];
      value = Math.min(1, (this.#highBand.gain * value) / (bins - this.#meanFrom));
    }
    const fade = Math.min(FADE_BINS, bins);
    for (let step = 1; step <= fade; step++) {
      const index = bins - fade + step;
      row[index] += (step / fade) * (value - row[index]);
    }
    row[bins + 1] = value;
  }
}

function requirePositive(values: Record<string, number>): void {
  for (const [name, value] of Object.entries(values)) {
    if (!(value > 0 && Number.isFinite(value))) {
      throw new ParameterError('mask.grid', { name, value });
    }
  }
}
