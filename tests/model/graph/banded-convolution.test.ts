import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { inBands, needsBands, transposedInBands } from '../../../src/model/graph/banded-convolution.ts';
import { useWasm } from './use-wasm.ts';

useWasm();

it.each([
  { rows: 1024, strides: 2, dilations: 1, calls: 2, what: 'two bands' },
  { rows: 512, strides: 1, dilations: 2, calls: 4, what: 'a dilated filter, in four' },
  { rows: 64, strides: 2, dilations: 1, calls: 1, what: 'a small image' },
  { rows: 1026, strides: 2, dilations: 1, calls: 1, what: 'an odd number of rows' },
])('is TF.js’s convolution with “same” padding, with $what', ({ rows, strides, dilations, calls }) => {
  const { numTensors } = tf.memory();
  tf.tidy(() => {
    const x = tf.randomUniform<tf.Rank.R4>([1, rows, 160, 2], -1, 1, 'float32', 7);
    const filter = tf.randomUniform<tf.Rank.R4>([5, 5, 2, 3], -1, 1, 'float32', 8);
    let called = 0;
    const convolution = inBands(
      (band, pad) => {
        called++;
        return tf.conv2d(band, filter, strides, pad, 'NHWC', dilations);
      },
      [5, 5, 2, 3],
      { strides, dilations, pad: 'same' },
    );
    const banded = convolution(x);
    const whole = tf.conv2d(x, filter, strides, 'same', 'NHWC', dilations);
    expect(called).toBe(calls);
    expect(banded.shape).toEqual(whole.shape);
    expect(whole.dataSync().some((value) => value !== 0)).toBe(true);
    expect(banded.dataSync()).toEqual(whole.dataSync());
  });
  expect(tf.memory().numTensors).toBe(numTensors);
});

it('convolves joined images in bands as it does at once', () => {
  const { numTensors } = tf.memory();
  tf.tidy(() => {
    const images = [7, 8].map((seed) => tf.randomUniform<tf.Rank.R4>([1, 192, 1024, 8], -1, 1, 'float32', seed));
    const filter = tf.randomUniform<tf.Rank.R4>([5, 5, 1, 16], -1, 1, 'float32', 9);
    const convolution = (x: tf.Tensor4D) =>
      tf.conv2dTranspose(x, filter, [1, 2 * x.shape[1], 2 * x.shape[2], 1], 2, 'same');
    expect(needsBands(images)).toBe(true);
    const banded = transposedInBands(images, convolution).dataSync();
    const whole = convolution(tf.concat(images, 3)).dataSync();
    expect(banded.length).toBe(whole.length);
    expect(banded.every((value, n) => Math.abs(value - whole[n]) < 1e-4)).toBe(true);
    expect(whole.some((value) => Math.abs(value) > 1)).toBe(true);
  });
  expect(tf.memory().numTensors).toBe(numTensors);
});

it('leaves small images, and several patches, whole', () => {
  tf.tidy(() => {
    expect(needsBands([tf.zeros<tf.Rank.R4>([1, 192, 512, 8]), tf.zeros<tf.Rank.R4>([1, 192, 512, 8])])).toBe(false);
    expect(needsBands([tf.zeros<tf.Rank.R4>([2, 192, 1024, 8]), tf.zeros<tf.Rank.R4>([2, 192, 1024, 8])])).toBe(false);
  });
});
