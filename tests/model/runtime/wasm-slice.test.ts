import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { prepareBackends } from '../../../src/model/runtime/backend.node.ts';
import { useBackend } from '../../../src/model/runtime/backend.ts';

beforeAll(prepareBackends);

test.each<[string, number[], number[], number[]]>([
  ['rows', [1, 8, 4, 3], [0, 2, 0, 0], [1, 5, 4, 3]],
  ['rows to the end', [1, 8, 4, 3], [0, 3, 0, 0], [1, -1, 4, 3]],
  ['one patch of a batch', [3, 2, 4], [1, 0, 0], [1, 2, 4]],
  ['columns, which are not neighbours', [1, 8, 4, 3], [0, 2, 1, 0], [1, 5, 2, 3]],
  ['rows of several patches', [2, 8, 4, 3], [0, 2, 0, 0], [2, 5, 4, 3]],
])('a slice of %s is the cpu backend’s', async (_, shape, begin, size) => {
  const slice = () =>
    tf.tidy(() => {
      const x = tf.tensor(
        Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, n) => n + 0.25),
        shape,
      );
      const output = tf.slice(x, begin, size);
      return { shape: output.shape, values: Array.from(output.dataSync()) };
    });
  await useBackend('cpu');
  const wanted = slice();
  await useBackend('wasm');
  expect(slice()).toEqual(wanted);
});
