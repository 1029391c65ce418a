import * as tf from '@tensorflow/tfjs-core';

const SIZE = 1024;

/** 10⁹ multiply-adds a second of a plain matrix multiplication on the current backend: the best of five. */
export async function matmulRate(): Promise<number> {
  const matrix = tf.randomUniform<tf.Rank.R2>([SIZE, SIZE], -1, 1);
  let best = Number.POSITIVE_INFINITY;
  for (let n = 0; n < 5; n++) {
    const begun = performance.now();
    const product = tf.matMul(matrix, matrix);
    await product.data();
    product.dispose();
    best = Math.min(best, performance.now() - begun);
  }
  matrix.dispose();
  return SIZE ** 3 / (best * 1e6);
}
