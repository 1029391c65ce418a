import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { createFusedNetwork } from '../../src/model/graph/compile-fused.ts';
import { weightShapes } from '../../src/model/graph/layer-graph.ts';
import { buildSpleeter } from '../../src/model/graph/spleeter.ts';
import { prepareBackends } from '../../src/model/runtime/backend.node.ts';
import { noise } from '../separation/fake-model.ts';

const graph = buildSpleeter({
  family: 'spleeter',
  filters: [4, 8],
  epsilon: 1e-3,
  encoder: { kind: 'leaky-relu', slope: 0.2 },
  decoder: { kind: 'elu' },
  output: 'mask',
});

beforeAll(async () => {
  await prepareBackends();
  await tf.setBackend('cpu');
});

test('a differentiable dilated convolution has the same values, and a gradient', async () => {
  const weights = new Map(
    [...weightShapes(graph)].map(([name, shape], seed) => {
      const values = noise(
        shape.reduce((product, side) => product * side, 1),
        seed + 1,
      );
      // A variance is not negative.
      return [
        name,
        { shape, values: Float32Array.from(values, (value) => (name.endsWith('variance') ? Math.abs(value) : value)) },
      ] as const;
    }),
  );
  const input = tf.tensor4d(noise(16 * 8 * 2, 99), [1, 16, 8, 2]);
  const fused = createFusedNetwork(graph, weights);
  const slow = createFusedNetwork(graph, weights, { differentiable: true });
  const [a, b] = [fused.predict(input), slow.predict(input)];
  expect(tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]).toBeLessThan(1e-5);
  const gradient = tf.grad((x: tf.Tensor) => tf.sum(slow.predict(x as tf.Tensor4D)))(input);
  expect(tf.max(tf.abs(gradient)).dataSync()[0]).toBeGreaterThan(0);
  fused.dispose();
  slow.dispose();
});
