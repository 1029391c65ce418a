import { ParameterError } from '../core/errors.ts';
import { StereoMaskFilter } from '../dsp/stereo-filter.ts';
import { Stft } from '../dsp/stft.ts';
import { type Channels, requireSameShape } from './sdr.ts';

/**
 * Computes the ideal ratio mask of the vocals, |V|^α / (|V|^α + |A|^α), from the true sources: the upper limit of a
 * soft mask. α = 2 is the Wiener-like mask of the SiSEC oracles (Liutkus & Badeau 2015, "Generalized Wiener filtering
 * with fractional power spectrograms"), α = 1 the ratio of magnitudes. The mask is 0 where both are 0.
 *
 * @param vocals magnitudes, ≥ 0
 * @param accompaniment magnitudes, ≥ 0, of the same length
 * @param out receives the mask. Default: a new array
 * @returns values in [0, 1]
 * @throws ParameterError when lengths differ or α is not positive
 */
export function idealRatioMask<T extends Float32Array = Float32Array<ArrayBuffer>>(
  vocals: Float32Array,
  accompaniment: Float32Array,
  alpha = 2,
  out: T = new Float32Array(vocals.length) as T,
): T {
  requireSameLength(vocals, accompaniment, out);
  if (!(alpha > 0 && Number.isFinite(alpha))) {
    throw new ParameterError('metrics.exponent', { alpha });
  }
  for (let i = 0; i < out.length; i++) {
    // Relative to the greater of the two, so that the powers neither overflow nor vanish.
    const greater = Math.max(vocals[i], accompaniment[i]);
    const v = greater > 0 ? power(vocals[i] / greater, alpha) : 0;
    const a = greater > 0 ? power(accompaniment[i] / greater, alpha) : 1;
    out[i] = v / (v + a);
  }
  return out;
}

/**
 * Computes the ideal binary mask of the vocals: 1 where |V| > |A|, else 0 (Wang 2005, "On ideal binary mask as the
 * computational goal of auditory scene analysis", with a local criterion of 0 dB).
 *
 * @throws ParameterError when lengths differ
 */
export function idealBinaryMask<T extends Float32Array = Float32Array<ArrayBuffer>>(
  vocals: Float32Array,
  accompaniment: Float32Array,
  out: T = new Float32Array(vocals.length) as T,
): T {
  requireSameLength(vocals, accompaniment, out);
  for (let i = 0; i < out.length; i++) out[i] = vocals[i] > accompaniment[i] ? 1 : 0;
  return out;
}

/** Settings of the project's oracles: a window of 93 ms at 44.1 kHz, and SiSEC's Wiener-like exponent. */
export const ORACLE = { fftSize: 4096, hop: 1024, alpha: 2 } as const;

/** Two stems that add up to the mixture. */
export interface OracleSeparation {
  readonly vocals: Float32Array<ArrayBuffer>[];
  readonly accompaniment: Float32Array<ArrayBuffer>[];
}

export interface OracleOptions {
  /** Points of the transform. Default: 2048, as in the SiSEC oracles. */
  readonly fftSize?: number;
  /** Samples from frame to frame, at most fftSize / 2. Default: fftSize / 2. */
  readonly hop?: number;
  /** Exponent of the magnitudes. Default: 2. */
  readonly alpha?: number;
}

/**
 * Separates the sum of two known sources by the ideal ratio mask, with an STFT (Hann window) and a mask for each
 * channel. This is the upper limit for a model of this resolution.
 *
 * @param vocals one array for each channel
 * @param accompaniment the same channels and length
 * @returns vocals = mask × mixture, accompaniment = mixture − vocals
 * @throws ParameterError when shapes differ or a size is out of range
 */
export function idealRatioMaskSeparation(
  vocals: Channels,
  accompaniment: Channels,
  { fftSize = 2048, hop = fftSize / 2, alpha = 2 }: OracleOptions = {},
): OracleSeparation {
  return separation(vocals, accompaniment, { fftSize, hop }, (v, a, mask) => idealRatioMask(v, a, alpha, mask));
}

/**
 * Separates by the ideal binary mask (Wang 2005); see {@link idealRatioMaskSeparation}.
 *
 * @param options `alpha` is not used
 */
export function idealBinaryMaskSeparation(
  vocals: Channels,
  accompaniment: Channels,
  { fftSize = 2048, hop = fftSize / 2 }: OracleOptions = {},
): OracleSeparation {
  return separation(vocals, accompaniment, { fftSize, hop }, idealBinaryMask);
}

type MaskOf = (vocals: Float32Array, accompaniment: Float32Array, out: Float32Array) => Float32Array;

function separation(
  vocals: Channels,
  accompaniment: Channels,
  { fftSize, hop }: { readonly fftSize: number; readonly hop: number },
  maskOf: MaskOf,
): OracleSeparation {
  requireSameShape(vocals, accompaniment);
  const stft = new Stft({ fftSize, hop });
  const magnitudes = [new Float32Array(stft.bins), new Float32Array(stft.bins)] as const;
  const mask = new Float32Array(stft.bins);
  const separated = vocals.map((voice, channel) => {
    const band = accompaniment[channel];
    const mixture = voice.map((value, n) => value + band[n]);
    const filter = new StereoMaskFilter({ fftSize, hop, channels: 1 });
    for (let frame = 0; frame < filter.frameCount(mixture.length); frame++) {
      stft.magnitudeFrame(voice, frame, magnitudes[0]);
      stft.magnitudeFrame(band, frame, magnitudes[1]);
      filter.process([mixture], frame, maskOf(magnitudes[0], magnitudes[1], mask));
    }
    const [estimate] = filter.flush(mixture.length);
    return { vocals: estimate, accompaniment: estimate.map((value, n) => mixture[n] - value) };
  });
  return {
    vocals: separated.map((channel) => channel.vocals),
    accompaniment: separated.map((channel) => channel.accompaniment),
  };
}

function power(value: number, alpha: number): number {
  return alpha === 2 ? value * value : alpha === 1 ? value : value ** alpha;
}

function requireSameLength(...arrays: readonly Float32Array[]): void {
  if (arrays.some((array) => array.length !== arrays[0].length)) {
    throw new ParameterError('metrics.lengths', { lengths: arrays.map((array) => array.length).join(', ') });
  }
}
