import * as tf from '@tensorflow/tfjs-core';

/** Joins tensors and frees them. (For a gradient TF.js keeps clones.) */
export function joined<T extends tf.Tensor>(parts: readonly tf.Tensor[], join: () => T): T {
  const whole = tf.tidy(join);
  for (const part of parts) part.dispose();
  return whole;
}

/**
 * Interleaves the even and the odd rows, each [n, h, w, 2·channels], to [n, 2h, 2w, channels]. The column phases follow
 * each other in the channels, which is already the memory order of the result's columns.
 */
export function interleaveRows(even: tf.Tensor4D, odd: tf.Tensor4D, channels: number): tf.Tensor4D {
  const [n, height, width] = even.shape;
  const rows = [even, odd].map((half) => tf.reshape(half, [n * height, width * 2 * channels]));
  return tf.reshape(tf.concat(rows, 1), [n, height * 2, width * 2, channels]);
}
