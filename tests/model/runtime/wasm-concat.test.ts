import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { prepareBackends } from '../../../src/model/runtime/backend.node.ts';
import { useBackend } from '../../../src/model/runtime/backend.ts';

beforeAll(prepareBackends);

/** Values of each tensor are numbers of their own. */
function fill(shape: number[], from: number, dtype: 'float32' | 'int32' = 'float32'): tf.Tensor {
  const values = Array.from(
    { length: tf.util.sizeFromShape(shape) },
    (_, n) => from + n + (dtype === 'int32' ? 0 : 0.25),
  );
  return tf.tensor(values, shape, dtype);
}

async function joined(backend: string, shapes: readonly number[][], axis: number, dtype?: 'float32' | 'int32') {
  await useBackend(backend);
  return tf.tidy(() => {
    const tensors = shapes.map((shape, n) => fill(shape, 1e4 * n, dtype));
    const output = tf.concat(tensors, axis);
    return { shape: output.shape, dtype: output.dtype, values: Array.from(output.dataSync()) };
  });
}

describe('concatenation on wasm gives what the cpu backend gives', () => {
  test.each([
    [
      'channels of two',
      [
        [2, 3, 4, 2],
        [2, 3, 4, 2],
      ],
      3,
    ],
    [
      '16 channels before 16',
      [
        [1, 8, 5, 16],
        [1, 8, 5, 16],
      ],
      3,
    ],
    [
      'different numbers of channels',
      [
        [1, 3, 5, 6],
        [1, 3, 5, 32],
      ],
      -1,
    ],
    [
      'three tensors',
      [
        [7, 4],
        [7, 2],
        [7, 10],
      ],
      1,
    ],
    [
      'an odd number of channels',
      [
        [1, 3, 5, 3],
        [1, 3, 5, 4],
      ],
      3,
    ],
    [
      'long rows',
      [
        [1, 3, 5, 64],
        [1, 3, 5, 128],
      ],
      3,
    ],
    [
      'rows of a long and a short tensor',
      [
        [3, 64],
        [3, 2],
      ],
      1,
    ],
    [
      'the first axis',
      [
        [2, 4],
        [3, 4],
      ],
      0,
    ],
    [
      'an empty tensor',
      [
        [3, 0],
        [3, 4],
      ],
      1,
    ],
  ] as const)('%s', async (_, shapes, axis) => {
    const lists = shapes.map((shape) => [...shape]);
    expect(await joined('wasm', lists, axis)).toEqual(await joined('cpu', lists, axis));
  });

  test('whole numbers', async () => {
    const lists = [
      [5, 4],
      [5, 2],
    ];
    expect(await joined('wasm', lists, 1, 'int32')).toEqual(await joined('cpu', lists, 1, 'int32'));
  });
});
