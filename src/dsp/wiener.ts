import { ParameterError } from '../errors.ts';
import type { StereoSpectra } from './stereo-spectrum.ts';

export interface WienerOptions {
  /** Rounds of expectation-maximisation, ≥ 1. */
  readonly iterations: number;
  /**
   * Power of the noise that the model of the mixture is given, in the spectra's own units: it keeps the matrices
   * invertible where a sound is silent or stands in one direction only.
   */
  readonly regularisation: number;
}

/**
 * Multichannel Wiener filter: refines an estimate of the vocals by where the two sources stand in the stereo image.
 * Each source j is taken for Gaussian with the covariance vⱼ(t, f)·Rⱼ(f): v its power, R the 2 × 2 covariance of its
 * channels, over the given frames. Rⱼ = Σₜ yⱼyⱼᴴ / Σₜ vⱼ, vⱼ = ‖yⱼ‖² / 2, then yⱼ = vⱼRⱼ·(Σᵢ vᵢRᵢ + εI)⁻¹·x, as often
 * as wanted. The accompaniment is what the vocals leave of the mixture.
 *
 * Duong, Vincent & Gribonval 2010, “Under-determined reverberant audio source separation using a full-rank spatial
 * covariance model”, in the simplified form of Uhlich et al. 2017 and of the package norbert (Liutkus & Stöter 2019).
 *
 * @param mixture frames × bins
 * @param vocals the estimate, refined in place
 * @throws ParameterError when the shapes do not fit or an option means nothing
 */
export function refineByWiener(
  mixture: StereoSpectra,
  vocals: StereoSpectra,
  frames: number,
  bins: number,
  { iterations, regularisation }: WienerOptions,
): void {
  const parts = [...Object.values(mixture), ...Object.values(vocals)] as Float32Array[];
  if (parts.some((part) => part.length < frames * bins)) {
    throw new ParameterError(
      `Spectra of ${parts.map((part) => part.length).join(', ')} values do not hold ${frames} frames of ${bins} bins.`,
      'Give mixture and vocals of the same shape.',
    );
  }
  if (!(Number.isInteger(iterations) && iterations >= 1 && regularisation > 0)) {
    throw new ParameterError(
      `A Wiener filter has no ${iterations} iterations with a regularisation of ${regularisation}.`,
      'Give a whole number of iterations from 1, and a power above 0.',
    );
  }
  const voice = covariances(bins);
  const rest = covariances(bins);
  for (let round = 0; round < iterations; round++) {
    measure(mixture, vocals, frames, bins, voice, rest);
    filter(mixture, vocals, frames, bins, voice, rest, regularisation);
  }
}

/** A Hermitian 2 × 2 matrix a bin, [[ll, lr], [lr*, rr]], and the sum of powers that it is divided by. */
interface Covariances {
  readonly ll: Float64Array;
  readonly rr: Float64Array;
  readonly re: Float64Array;
  readonly im: Float64Array;
  readonly weight: Float64Array;
}

function covariances(bins: number): Covariances {
  const part = () => new Float64Array(bins);
  return { ll: part(), rr: part(), re: part(), im: part(), weight: part() };
}

function measure(
  x: StereoSpectra,
  y: StereoSpectra,
  frames: number,
  bins: number,
  voice: Covariances,
  rest: Covariances,
): void {
  for (const { ll, rr, re, im, weight } of [voice, rest]) {
    for (const part of [ll, rr, re, im]) part.fill(0);
    weight.fill(Number.EPSILON);
  }
  for (let frame = 0, i = 0; frame < frames; frame++) {
    for (let bin = 0; bin < bins; bin++, i++) {
      const lRe = y.leftRe[i];
      const lIm = y.leftIm[i];
      const rRe = y.rightRe[i];
      const rIm = y.rightIm[i];
      add(voice, bin, lRe, lIm, rRe, rIm);
      add(rest, bin, x.leftRe[i] - lRe, x.leftIm[i] - lIm, x.rightRe[i] - rRe, x.rightIm[i] - rIm);
    }
  }
  for (const { ll, rr, re, im, weight } of [voice, rest]) {
    for (let bin = 0; bin < bins; bin++) {
      const scale = 1 / weight[bin];
      ll[bin] *= scale;
      rr[bin] *= scale;
      re[bin] *= scale;
      im[bin] *= scale;
    }
  }
}

function add(sums: Covariances, bin: number, lRe: number, lIm: number, rRe: number, rIm: number): void {
  const left = lRe * lRe + lIm * lIm;
  const right = rRe * rRe + rIm * rIm;
  sums.ll[bin] += left;
  sums.rr[bin] += right;
  sums.re[bin] += lRe * rRe + lIm * rIm;
  sums.im[bin] += lIm * rRe - lRe * rIm;
  sums.weight[bin] += 0.5 * (left + right);
}

function filter(
  x: StereoSpectra,
  y: StereoSpectra,
  frames: number,
  bins: number,
  voice: Covariances,
  rest: Covariances,
  regularisation: number,
): void {
  const { leftRe, leftIm, rightRe, rightIm } = y;
  for (let frame = 0, i = 0; frame < frames; frame++) {
    for (let bin = 0; bin < bins; bin++, i++) {
      const xlRe = x.leftRe[i];
      const xlIm = x.leftIm[i];
      const xrRe = x.rightRe[i];
      const xrIm = x.rightIm[i];
      const v = 0.5 * (leftRe[i] ** 2 + leftIm[i] ** 2 + rightRe[i] ** 2 + rightIm[i] ** 2);
      const a =
        0.5 * ((xlRe - leftRe[i]) ** 2 + (xlIm - leftIm[i]) ** 2 + (xrRe - rightRe[i]) ** 2 + (xrIm - rightIm[i]) ** 2);
      // The mixture's covariance C, and C⁻¹·x.
      const ll = v * voice.ll[bin] + a * rest.ll[bin] + regularisation;
      const rr = v * voice.rr[bin] + a * rest.rr[bin] + regularisation;
      const re = v * voice.re[bin] + a * rest.re[bin];
      const im = v * voice.im[bin] + a * rest.im[bin];
      const scale = v / (ll * rr - re * re - im * im);
      const ulRe = rr * xlRe - (re * xrRe - im * xrIm);
      const ulIm = rr * xlIm - (re * xrIm + im * xrRe);
      const urRe = ll * xrRe - (re * xlRe + im * xlIm);
      const urIm = ll * xrIm - (re * xlIm - im * xlRe);
      const { ll: vll, rr: vrr, re: vre, im: vim } = voice;
      leftRe[i] = scale * (vll[bin] * ulRe + vre[bin] * urRe - vim[bin] * urIm);
      leftIm[i] = scale * (vll[bin] * ulIm + vre[bin] * urIm + vim[bin] * urRe);
      rightRe[i] = scale * (vrr[bin] * urRe + vre[bin] * ulRe + vim[bin] * ulIm);
      rightIm[i] = scale * (vrr[bin] * urIm + vre[bin] * ulIm - vim[bin] * ulRe);
    }
  }
}
