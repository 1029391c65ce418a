import { ParameterError } from '../core/errors.ts';

/** `sine` is the square root of `hann`; `rectangular` is 1 throughout. */
export type WindowKind = 'hann' | 'hamming' | 'blackman' | 'sine' | 'rectangular';

/** Weights of cos(0), cos(2πn/N), cos(4πn/N): Harris (1978), "On the use of windows for harmonic analysis", §V. */
const COSINE_SUMS: Record<'hann' | 'hamming' | 'blackman', readonly number[]> = {
  hann: [0.5, -0.5],
  hamming: [0.54, -0.46],
  blackman: [0.42, -0.5, 0.08],
};

/**
 * Makes a periodic window, like `scipy.signal.get_window(kind, length, fftbins=True)`; `sine` is √hann. A periodic
 * window continues smoothly as w[n + N] = w[n], so shifted copies add up evenly. A window of length 1 is [1].
 *
 * @param length samples, ≥ 1
 * @returns `length` values in [0, 1]
 * @throws ParameterError when the length is not a positive integer or the kind is unknown
 * @example
 * makeWindow('hann', 4); // [0, 0.5, 1, 0.5]
 */
export function makeWindow(kind: WindowKind, length: number): Float64Array {
  if (!Number.isInteger(length) || length < 1) {
    throw new ParameterError('window.length', { length });
  }
  const window = new Float64Array(length).fill(1);
  if (length === 1 || kind === 'rectangular') return window;
  const step = (2 * Math.PI) / length;
  if (kind === 'sine') return window.map((_, n) => Math.sin((step / 2) * n));
  const weights = COSINE_SUMS[kind];
  if (weights === undefined) {
    throw new ParameterError('window.kind', { kind });
  }
  // Rounding leaves Blackman's first value at −1e-17; a window is never negative.
  return window.map((_, n) =>
    Math.max(
      0,
      weights.reduce((sum, weight, order) => sum + weight * Math.cos(order * step * n), 0),
    ),
  );
}
