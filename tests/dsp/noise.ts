import type { Stft } from '../../src/dsp/stft.ts';

/** Uniform noise in [-1, 1): Numerical Recipes' generator, as in training/reference/dsp_reference.py. */
export function noise(seed: number, length: number): Float32Array {
  let state = seed;
  return new Float32Array(length).map(() => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** A mask that differs from frame to frame and from bin to bin, as in training/reference/dsp_reference.py. */
export function gridMask(frame: number, bins: number): Float32Array {
  return new Float32Array(bins).map((_, bin) => ((7 * frame + 3 * bin) % 11) / 10);
}

/** Decodes an array of the fixtures: float32, little-endian, base64. */
export function unpack(base64: string): Float32Array {
  const bytes = Buffer.from(base64, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

export function greatestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let greatest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    if (!(difference <= greatest)) greatest = difference;
  }
  return greatest;
}

/** ‖a − b‖ / ‖b‖ */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let error = 0;
  let energy = 0;
  for (let i = 0; i < b.length; i++) {
    error += (a[i] - b[i]) ** 2;
    energy += b[i] ** 2;
  }
  return Math.sqrt(error / (energy || 1));
}

/** Magnitudes of a whole signal, frame by frame. */
export function magnitudesOf(stft: Stft, signal: Float32Array): Float32Array<ArrayBuffer> {
  const frames = stft.frameCount(signal.length);
  const magnitudes = new Float32Array(frames * stft.bins);
  for (let frame = 0; frame < frames; frame++) stft.magnitudeFrame(signal, frame, magnitudes, frame * stft.bins);
  return magnitudes;
}
