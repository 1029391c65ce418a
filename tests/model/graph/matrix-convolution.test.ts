import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { activate, fusedActivation } from '../../../src/model/graph/activation.ts';
import type { Activation } from '../../../src/model/graph/layer-graph.ts';
import { convolveAsProduct } from '../../../src/model/graph/matrix-convolution.ts';
import { useWasm } from './use-wasm.ts';

useWasm();

type Padding = Parameters<typeof tf.conv2d>[3];

const uneven: Padding = [
  [0, 0],
  [1, 0],
  [0, 1],
  [0, 0],
];

it.each<{ what: string; shape: [number, number, number, number]; filter: number[]; strides: number; pad: Padding }>([
  { what: '“same” padding and stride 2', shape: [1, 12, 16, 8], filter: [5, 5], strides: 2, pad: 'same' },
  { what: 'patches of a batch', shape: [3, 6, 10, 8], filter: [3, 3], strides: 1, pad: 'same' },
  { what: 'padding of one row and one column', shape: [2, 7, 5, 8], filter: [2, 2], strides: 1, pad: uneven },
  { what: 'an image smaller than the filter', shape: [1, 2, 2, 8], filter: [5, 5], strides: 2, pad: 'same' },
  { what: 'more places than one matrix has', shape: [1, 64, 64, 24], filter: [5, 5], strides: 1, pad: 'same' },
])('is TF.js’s convolution, number by number, with $what', ({ shape, filter: size, strides, pad }) => {
  const { numTensors } = tf.memory();
  tf.tidy(() => {
    const x = tf.randomUniform<tf.Rank.R4>(shape, -1, 1, 'float32', 7);
    const filter = tf.randomUniform<tf.Rank.R4>([size[0], size[1], shape[3], 16], -1, 1, 'float32', 8);
    const bias = tf.randomUniform<tf.Rank.R1>([16], -1, 1, 'float32', 9);
    const product = convolveAsProduct({ x, filter, strides, pad, bias });
    const whole = tf.fused.conv2d({ x, filter, strides, pad, bias });
    expect(product.shape).toEqual(whole.shape);
    expect(whole.dataSync().some((value) => value !== 0)).toBe(true);
    expect(product.dataSync()).toEqual(whole.dataSync());
  });
  expect(tf.memory().numTensors).toBe(numTensors);
});

it.each<Activation>([{ kind: 'leaky-relu', slope: 0.2 }, { kind: 'relu' }, { kind: 'elu' }, { kind: 'sigmoid' }])(
  'applies $kind',
  (activation) => {
    tf.tidy(() => {
      const x = tf.randomUniform<tf.Rank.R4>([1, 4, 4, 8], -1, 1, 'float32', 7);
      const filter = tf.randomUniform<tf.Rank.R4>([3, 3, 8, 8], -0.3, 0.3, 'float32', 8);
      const options = fusedActivation(activation, 8, (tensor) => tensor);
      const output = convolveAsProduct({ x, filter, strides: 1, pad: 'same', ...options }).dataSync();
      const wanted = activate(tf.conv2d(x, filter, 1, 'same'), activation).dataSync();
      expect(wanted.some((value) => value !== wanted[0])).toBe(true);
      for (const [n, value] of wanted.entries()) expect(output[n]).toBeCloseTo(value, 5);
    });
  },
);
