import { Stft } from '../dsp/stft.ts';
import { ParameterError } from '../errors.ts';
import { type Channels, requireSameShape } from './sdr.ts';

/** Points of the transform that the measures of a band are taken in; its hop is a quarter. */
const FFT_SIZE = 2048;
/** Power below the loudest bin of the reference at which a spectrum counts as silent: −80 dB. */
const FLOOR = 1e-8;

/**
 * Log-spectral distance above a frequency, in decibels: the root of the mean over bins of
 * (10·log₁₀ P − 10·log₁₀ P̂)², averaged over the frames in which the reference is not silent there (Gray & Markel 1976,
 * “Distance measures for speech processing”). Powers are raised to a floor of −80 dB below the reference's loudest bin.
 *
 * @param sampleRate hertz
 * @returns NaN where the reference is silent in the band
 * @throws ParameterError when shapes differ or nothing lies above `fromHz`
 */
export function logSpectralDistance(
  reference: Channels,
  estimate: Channels,
  sampleRate: number,
  fromHz: number,
): number {
  requireSameShape(reference, estimate);
  const first = firstBin(sampleRate, fromHz);
  const stft = new Stft({ fftSize: FFT_SIZE, hop: FFT_SIZE / 4 });
  const true_ = reference.map((channel) => stft.magnitude(channel));
  const floor = FLOOR * true_.reduce((most, channel) => channel.reduce((m, v) => Math.max(m, v * v), most), 0);
  const row = new Float32Array(stft.bins);
  let sum = 0;
  let count = 0;
  estimate.forEach((channel, c) => {
    const frames = stft.frameCount(channel.length);
    for (let frame = 0; frame < frames; frame++) {
      const at = frame * stft.bins;
      const sounds = true_[c].subarray(at + first, at + stft.bins).some((value) => value * value > floor);
      if (!sounds) continue;
      stft.magnitudeFrame(channel, frame, row);
      let squares = 0;
      for (let bin = first; bin < stft.bins; bin++) {
        const ratio = Math.max(floor, true_[c][at + bin] ** 2) / Math.max(floor, row[bin] ** 2);
        squares += (10 * Math.log10(ratio)) ** 2;
      }
      sum += Math.sqrt(squares / (stft.bins - first));
      count++;
    }
  });
  return sum / count;
}

/**
 * How much of one source above a frequency is found in the other's estimate: the share of its energy there, from 0 to
 * about 1, that the projection of the estimate's error on the source has. Of the vocals in the accompaniment it is what
 * is left of sibilants in it.
 *
 * @param source the true stem that leaks
 * @param other the true other stem
 * @param estimateOfOther its estimate
 * @returns NaN where the source is silent in the band
 * @throws ParameterError when shapes differ or nothing lies above `fromHz`
 */
export function leakage(
  source: Channels,
  other: Channels,
  estimateOfOther: Channels,
  sampleRate: number,
  fromHz: number,
): number {
  requireSameShape(source, other);
  requireSameShape(source, estimateOfOther);
  const first = firstBin(sampleRate, fromHz);
  const stft = new Stft({ fftSize: FFT_SIZE, hop: FFT_SIZE / 4 });
  const part = () => new Float32Array(stft.bins);
  const [sRe, sIm, eRe, eIm] = [part(), part(), part(), part()];
  let product = 0;
  let energy = 0;
  source.forEach((channel, c) => {
    const error = estimateOfOther[c].map((value, n) => value - other[c][n]);
    for (let frame = 0; frame < stft.frameCount(channel.length); frame++) {
      stft.forwardFrame(channel, frame, sRe, sIm);
      stft.forwardFrame(error, frame, eRe, eIm);
      for (let bin = first; bin < stft.bins; bin++) {
        product += sRe[bin] * eRe[bin] + sIm[bin] * eIm[bin];
        energy += sRe[bin] ** 2 + sIm[bin] ** 2;
      }
    }
  });
  return energy > 0 ? (product / energy) ** 2 : Number.NaN;
}

function firstBin(sampleRate: number, fromHz: number): number {
  const first = Math.ceil((fromHz * FFT_SIZE) / sampleRate);
  if (first <= FFT_SIZE / 2) return first;
  throw new ParameterError(`At ${sampleRate} Hz nothing lies above ${fromHz} Hz.`, 'Give a lower frequency.');
}
