import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { freeFilter } from '../../../src/model/graph/free-filter.ts';
import { convolveAsProduct } from '../../../src/model/graph/matrix-convolution.ts';
import { useWasm } from './use-wasm.ts';

/** Channels of a filter of 4 MiB. */
const CHANNELS = 1024;
const FILTER_BYTES = 4 * CHANNELS * CHANNELS;

const heapBytes = (): number =>
  (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.buffer.byteLength;

useWasm();

const values = Float32Array.from({ length: CHANNELS * CHANNELS }, (_, n) => Math.sin(n));
const newFilter = () => tf.tensor4d(values, [1, 1, CHANNELS, CHANNELS]);
const convolve = (filter: tf.Tensor4D, pixels: number) =>
  tf.tidy(() => {
    const x = tf.tensor4d(new Float32Array(pixels * CHANNELS).fill(0.5), [1, pixels, 1, CHANNELS]);
    return convolveAsProduct({ x, filter, strides: 1, pad: 'same' }).dataSync();
  });

test('a filter whose values are freed gives the same, for inputs of any size', () => {
  const filter = newFilter();
  const first = convolve(filter, 1);
  const expected = Array.from({ length: CHANNELS }, (_, out) => {
    let sum = 0;
    for (let n = out; n < values.length; n += CHANNELS) sum += 0.5 * values[n];
    return sum;
  });
  expect(first.every((value, out) => Math.abs(value - expected[out]) < 1e-3)).toBe(true);
  freeFilter(filter);
  // Takes the memory that was freed.
  const other = tf.zeros([FILTER_BYTES / 4]);
  other.dataSync();
  const again = convolve(filter, 3);
  for (let pixel = 0; pixel < 3; pixel++) {
    expect(again.slice(pixel * CHANNELS, (pixel + 1) * CHANNELS)).toEqual(first);
  }
  filter.dispose();
  other.dispose();
});

test('filters leave no second copy', () => {
  const count = 32;
  const heap = heapBytes();
  const filters = Array.from({ length: count }, () => {
    const filter = newFilter();
    convolve(filter, 1);
    freeFilter(filter);
    return filter;
  });
  // XNNPACK keeps a packed copy. WebAssembly memory grows by up to a fifth more than is needed.
  expect(heapBytes() - heap).toBeLessThan(1.4 * count * FILTER_BYTES);
  for (const filter of filters) filter.dispose();
});
