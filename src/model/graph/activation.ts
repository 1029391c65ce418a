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

/** The options with which tf.fused operations apply an activation. */
export function fusedActivation(activation: Activation | undefined) {
  switch (activation?.kind) {
    case 'leaky-relu':
      return { activation: 'leakyrelu', leakyreluAlpha: activation.slope } as const;
    case 'relu':
    case 'elu':
    case 'sigmoid':
      return { activation: activation.kind } as const;
    case undefined:
      return {};
  }
}
