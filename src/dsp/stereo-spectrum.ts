/** Short-time spectra of two channels, frame by frame (index = frame × bins + bin), bins from 0 Hz to half the rate. */
export interface StereoSpectra {
  readonly leftRe: Float32Array;
  readonly leftIm: Float32Array;
  readonly rightRe: Float32Array;
  readonly rightIm: Float32Array;
}

/** Zeros for so many values of each part. */
export function stereoSpectra(values: number): StereoSpectra {
  const part = () => new Float32Array(values);
  return { leftRe: part(), leftIm: part(), rightRe: part(), rightIm: part() };
}

/**
 * Writes right + i·left, windowed, from sample `first` on, as pairs (real, imaginary); zeros outside the sound.
 *
 * @param time 2 × window.length numbers
 */
export function windowStereo(
  left: Float32Array,
  right: Float32Array,
  first: number,
  window: Float64Array,
  time: number[],
): void {
  const size = window.length;
  const from = Math.min(size, Math.max(0, -first));
  const to = Math.max(from, Math.min(size, left.length - first));
  for (let i = 0; i < 2 * from; i++) time[i] = 0;
  for (let n = from, i = 2 * from; n < to; n++, i += 2) {
    time[i] = right[first + n] * window[n];
    time[i + 1] = left[first + n] * window[n];
  }
  for (let i = 2 * to; i < 2 * size; i++) time[i] = 0;
}

/**
 * Takes the two channels out of the transform Z of right + i·left: R(k) = (Z(k) + Z*(N − k)) / 2 and
 * L(k) = (Z(k) − Z*(N − k)) / 2i.
 *
 * @param packed Z as pairs
 * @param offset where the frame's N/2 + 1 values go in `out`
 */
export function untangle(packed: readonly number[], fftSize: number, out: StereoSpectra, offset: number): void {
  const { leftRe, leftIm, rightRe, rightIm } = out;
  const half = fftSize / 2;
  for (let bin = 0, to = offset; bin <= half; bin++, to++) {
    const low = 2 * bin;
    const high = bin === 0 ? 0 : 2 * (fftSize - bin);
    const re = packed[low];
    const im = packed[low + 1];
    const otherRe = packed[high];
    const otherIm = packed[high + 1];
    rightRe[to] = 0.5 * (re + otherRe);
    rightIm[to] = 0.5 * (im - otherIm);
    leftRe[to] = 0.5 * (im + otherIm);
    leftIm[to] = 0.5 * (otherRe - re);
  }
}

/**
 * The reverse of {@link untangle}, with real and imaginary part exchanged: its forward transform is N·(left, right) as
 * pairs.
 */
export function tangle(spectra: StereoSpectra, offset: number, fftSize: number, packed: number[]): void {
  const { leftRe, leftIm, rightRe, rightIm } = spectra;
  const half = fftSize / 2;
  for (let bin = 0, from = offset; bin <= half; bin++, from++) {
    const edge = bin === 0 || bin === half;
    const lRe = leftRe[from];
    const lIm = edge ? 0 : leftIm[from];
    const rRe = rightRe[from];
    const rIm = edge ? 0 : rightIm[from];
    const low = 2 * bin;
    // R + i·L at k: real part rRe − lIm, imaginary part rIm + lRe.
    packed[low] = rIm + lRe;
    packed[low + 1] = rRe - lIm;
    if (edge) continue;
    const high = 2 * (fftSize - bin);
    packed[high] = lRe - rIm;
    packed[high + 1] = rRe + lIm;
  }
}
