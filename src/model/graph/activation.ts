import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from './layer-graph.ts';

/** Applies an activation as an operation of its own. */
export function activate(x: tf.Tensor4D, activation: Activation | undefined): tf.Tensor4D {
  switch (activation?.kind) {
    case 'leaky-relu':
      return tf.leakyRelu(x, activation.slope);
    case 'relu':
      return tf.relu(x);
    case 'elu':
      return tf.elu(x);
    case 'sigmoid':
      return tf.sigmoid(x);
    case undefined:
      return x;
  }
}

/**
 * The options with which tf.fused operations apply an activation.
 *
 * @param channels of the operation's output
 * @param keep keeps a constant as long as the network
 */
export function fusedActivation(
  activation: Activation | undefined,
  channels: number,
  keep: <T extends tf.Tensor>(tensor: T) => T,
) {
  switch (activation?.kind) {
    case 'leaky-relu':
      // PReLU with one slope is the same function, and wasm computes it with SIMD: several times as fast.
      return { activation: 'prelu', preluActivationWeights: keep(tf.fill([channels], activation.slope)) } as const;
    case 'relu':
    case 'elu':
    case 'sigmoid':
      return { activation: activation.kind } as const;
    case undefined:
      return {};
  }
}
