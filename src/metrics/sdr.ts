import { ParameterError } from '../core/errors.ts';
import { median } from './median.ts';

/** Sound as one array for each channel, all of the same length. */
export type Channels = readonly Float32Array[];

/**
 * Computes the signal-to-distortion ratio of a whole sound in decibels: 10·log₁₀(‖s‖² / ‖s − ŝ‖²), norms over all
 * channels.
 *
 * @returns decibels; NaN for a silent reference, where it is undefined; Infinity for a perfect estimate
 * @throws ParameterError when the two differ in shape
 * @example
 * sdr([vocals], [estimatedVocals]); // 6.9
 */
export function sdr(reference: Channels, estimate: Channels): number {
  requireSameShape(reference, estimate);
  return sdrBetween(reference, estimate, 0, reference[0]?.length ?? 0);
}

/**
 * Computes the median SDR of one-second frames, in decibels. Frames do not overlap. A rest of less than a second at the
 * end is dropped, as in museval, but a sound of less than a second is one frame. Frames with a silent reference are
 * skipped.
 *
 * @param sampleRate hertz
 * @returns NaN when every frame is silent; Infinity when more than half of them are perfect
 * @throws ParameterError when the two differ in shape
 */
export function framewiseMedianSdr(reference: Channels, estimate: Channels, sampleRate: number): number {
  return median(frameSdrs(reference, estimate, sampleRate));
}

/**
 * Computes the SDR of each one-second frame, in decibels; NaN where the reference is silent. For the frames see
 * {@link framewiseMedianSdr}.
 *
 * @param sampleRate hertz
 * @throws ParameterError when the two differ in shape
 */
export function frameSdrs(reference: Channels, estimate: Channels, sampleRate: number): Float64Array {
  requireSameShape(reference, estimate);
  if (!(sampleRate >= 1 && Number.isFinite(sampleRate))) {
    throw new ParameterError('metrics.rate', { rate: sampleRate });
  }
  const samples = reference[0]?.length ?? 0;
  const frame = Math.round(sampleRate);
  const frames = samples > frame ? Math.floor(samples / frame) : 1;
  return Float64Array.from({ length: frames }, (_, index) =>
    sdrBetween(reference, estimate, index * frame, Math.min(samples, (index + 1) * frame)),
  );
}

/** @throws ParameterError when two sounds differ in channels or length */
export function requireSameShape(reference: Channels, estimate: Channels): void {
  const length = reference[0]?.length;
  const same =
    reference.length === estimate.length && [...reference, ...estimate].every((channel) => channel.length === length);
  if (!same) {
    const shape = (sound: Channels) => `${sound.length} × ${sound.map((channel) => channel.length).join('/')}`;
    throw new ParameterError('metrics.shapes', { reference: shape(reference), estimate: shape(estimate) });
  }
}

function sdrBetween(reference: Channels, estimate: Channels, from: number, to: number): number {
  let signal = 0;
  let distortion = 0;
  for (let channel = 0; channel < reference.length; channel++) {
    const s = reference[channel];
    const e = estimate[channel];
    for (let n = from; n < to; n++) {
      const error = s[n] - e[n];
      signal += s[n] * s[n];
      distortion += error * error;
    }
  }
  return signal === 0 ? Number.NaN : 10 * Math.log10(signal / distortion);
}
