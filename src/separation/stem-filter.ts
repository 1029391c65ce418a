import { HighBandGains } from '../dsp/high-band.ts';
import { MaskInterpolator } from '../dsp/interpolate-mask.ts';
import type { SpectrogramScale } from '../dsp/spectrogram-scale.ts';
import { firstSampleOf, type SoundPart, StereoMaskFilter } from '../dsp/stereo-filter.ts';
import type { ModelManifest } from '../model/manifest.ts';

/** What the filter takes from a model's manifest. */
export type FilterFacts = Pick<ModelManifest, 'stft' | 'sampleRate' | 'highBand'>;

/** FFT points at the song's rate: the power of two whose window lasts about as long as the model's window. */
export function filterSize(sampleRate: number, { stft, sampleRate: modelRate }: Omit<FilterFacts, 'highBand'>): number {
  // Rounded down a little: a shorter window smears plosives and drums less, at half the cost.
  return Math.max(64, 2 ** Math.round(Math.log2((stft.windowLength / modelRate) * sampleRate) - 0.1));
}

export interface StemFilterOptions {
  /** Of the song, hertz. */
  readonly sampleRate: number;
  readonly channels: 1 | 2;
  readonly facts: FilterFacts;
  readonly scale: SpectrogramScale;
  /** One mask for all channels, or one for each. Default: 1. */
  readonly masks?: 1 | 2;
  /** The filter frame that it begins with. Default: 0. */
  readonly firstFrame?: number;
}

/**
 * Frames of masks in the model's resolution, one array a mask, frames × bins; `first` is the number of the first frame.
 */
export interface MaskFrames {
  readonly masks: readonly Float32Array[];
  readonly frames: number;
  readonly first: number;
}

/**
 * Filters the song at its own rate with masks in the model's resolution, frame by frame: the mask is interpolated in
 * time and frequency, the high band above the model's is added, and mask × spectrum is transformed back with the
 * mixture's phase. Separation (stem-renderer.ts) and painting (render-masked.ts) both use it, so they give the same
 * samples.
 */
export class StemFilter {
  readonly hop: number;
  readonly fftSize: number;
  readonly #sampleRate: number;
  readonly #filter: StereoMaskFilter;
  readonly #interpolator: MaskInterpolator;
  readonly #highBand: HighBandGains | undefined;
  /** Each mask at the filter's bins. */
  readonly #rows: readonly Float32Array[];
  readonly #power: Float32Array;

  constructor({ sampleRate, channels, facts, scale, masks = 1, firstFrame = 0 }: StemFilterOptions) {
    const fftSize = filterSize(sampleRate, facts);
    const hop = fftSize / 2;
    const { highBand } = facts;
    this.fftSize = fftSize;
    this.hop = hop;
    this.#sampleRate = sampleRate;
    this.#filter = new StereoMaskFilter({ fftSize, hop, window: 'sine', channels, firstFrame });
    this.#interpolator = new MaskInterpolator({ scale, fftSize, sampleRate, highBand });
    const topHz = scale.firstBinHz + (scale.bins - 1) * scale.binHz;
    if (highBand.rule === 'learnt' && sampleRate / 2 > topHz + scale.binHz) {
      this.#highBand = new HighBandGains(highBand, { fftSize, sampleRate, topHz });
    }
    this.#rows = Array.from({ length: masks }, () => new Float32Array(this.#filter.bins));
    this.#power = new Float32Array(this.#filter.bins);
  }

  /** First sample that {@link take} gives next. */
  get position(): number {
    return this.#filter.position;
  }

  /** Filter frames that cover so many samples. */
  frameCount(samples: number): number {
    return this.#filter.frameCount(samples);
  }

  /**
   * Filters the next frame.
   *
   * @param channels samples of the song, one array a channel; `part` says which
   * @param frame its number; frames come in order, without a gap
   */
  process(
    channels: readonly Float32Array[],
    frame: number,
    { masks, frames, first }: MaskFrames,
    part: SoundPart,
  ): void {
    const seconds = (frame * this.hop) / this.#sampleRate;
    this.#filter.analyse(channels, frame, part);
    if (this.#highBand) this.#filter.power(this.#power);
    this.#rows.forEach((row, n) => {
      this.#interpolator.at({ masks: masks[n], frames, firstFrame: first }, seconds, row);
      this.#highBand?.fill(row, this.#power);
    });
    this.#filter.apply(this.#rows[0], this.#rows[1]);
  }

  /** The vocals that are final and were not taken yet. */
  take(): Float32Array[] {
    return this.#filter.take();
  }

  /** The rest of the vocals of a song of `samples` samples. */
  flush(samples: number): Float32Array[] {
    return this.#filter.flush(samples);
  }
}

/**
 * The filter frame that a filter can begin with whose masks begin with frame `maskFrame`, and its first final sample.
 */
export function filterStart(
  sampleRate: number,
  facts: FilterFacts,
  scale: SpectrogramScale,
  maskFrame: number,
): { readonly frame: number; readonly sample: number } {
  const fftSize = filterSize(sampleRate, facts);
  const hop = fftSize / 2;
  const frame = Math.ceil((maskFrame * scale.frameSeconds * sampleRate) / hop - 1e-9);
  return { frame, sample: firstSampleOf(frame, fftSize, hop) };
}
