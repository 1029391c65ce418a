import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { inBands } from '../../../src/model/graph/banded-convolution.ts';
import { useWasm } from './use-wasm.ts';

useWasm();

it.each([
  { rows: 768, what: 'three bands' },
  { rows: 256, what: 'one band' },
  { rows: 300, what: 'rows that make no whole bands' },
])('is TF.js’s convolution with “same” padding, with $what', ({ rows }) => {
  const { numTensors } = tf.memory();
  tf.tidy(() => {
    const x = tf.randomUniform<tf.Rank.R4>([2, rows, 6, 3], -1, 1, 'float32', 7);
    const filter = tf.randomUniform<tf.Rank.R4>([4, 4, 3, 2], -1, 1, 'float32', 8);
    const banded = inBands((band) => tf.conv2d(band, filter, 1, 'valid', 'NHWC', 2), 6)(x);
    const whole = tf.conv2d(x, filter, 1, 'same', 'NHWC', 2);
    expect(banded.shape).toEqual(whole.shape);
    expect(whole.dataSync().some((value) => value !== 0)).toBe(true);
    expect(banded.dataSync()).toEqual(whole.dataSync());
  });
  expect(tf.memory().numTensors).toBe(numTensors);
});
