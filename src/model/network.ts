import * as tf from '@tensorflow/tfjs-core';
import { freeMemory } from '../audio/memory.ts';
import { foldLayer } from './fold.ts';
import type { NetworkDescription } from './manifest.ts';
import { splitPhases } from './phases.ts';
import { type Activation, type LayerPlan, planLayers } from './plan.ts';
import type { NamedWeights, Weight } from './weights.ts';

/** The network on the backend that was in use when it was made. */
export interface FastNetwork {
  /** [n, rows, frames, channels], compressed magnitudes, to masks of that shape. The caller disposes of the result. */
  predict(batch: tf.Tensor4D, looking?: Looking): tf.Tensor4D;
  /** Gives back the weights' memory. */
  dispose(): void;
}

/** For who wants to know how the network comes to its answer. */
export interface Looking {
  /** Skip connections that are cut, by the encoder layer they come from: zeros stand in their place. */
  readonly cut?: ReadonlySet<number>;
  /** Sees each layer's output, which is disposed of soon after. */
  readonly onLayer?: (name: string, output: tf.Tensor4D) => void;
}

export interface NetworkOptions {
  /** Whether tf.grad can go through it: convolutions and activations are not fused then, which is slower. */
  readonly differentiable?: boolean;
}

/** Computes one layer; makes no tensor that the caller's tidy does not see. */
type Layer = (x: tf.Tensor4D) => tf.Tensor4D;

type Padding = 'same' | [[number, number], [number, number], [number, number], [number, number]];

/**
 * Builds the U-Net for speed: the same function as layers-model.ts, in fewer multiplications and passes over memory.
 * Batch norm is folded into the convolutions, bias and activation are fused with them, and a transposed convolution is
 * four small convolutions, one a phase of its output (phases.ts), put together by copying long rows. TF.js's
 * depthToSpace, which would do the latter, takes longer on wasm than the convolutions.
 *
 * @param weights as in the model's files; see plan.ts for their names
 */
export function createNetwork(
  network: NetworkDescription,
  weights: NamedWeights,
  { differentiable = false }: NetworkOptions = {},
): FastNetwork {
  const tensors: tf.Tensor[] = [];
  const keep = <T extends tf.Tensor>(tensor: T): T => {
    tensors.push(tf.keep(tensor));
    return tensor;
  };
  const plan = planLayers(network);
  const build = (part: LayerPlan['part']) =>
    plan
      .filter((layer) => layer.part === part)
      .map((layer) => ({ name: layer.name, compute: buildLayer(layer, network, weights, keep, differentiable) }));
  const encoder = build('encoder');
  const decoder = build('decoder');

  const run = (batch: tf.Tensor4D, { cut, onLayer }: Looking): tf.Tensor4D => {
    const skips: tf.Tensor4D[] = [];
    let x = batch;
    for (const { name, compute } of encoder) {
      x = compute(x);
      onLayer?.(name, x);
      skips.push(x);
    }
    skips.pop();
    for (const [index, { name, compute }] of decoder.entries()) {
      if (index > 0) {
        let skip = skips.pop()!;
        if (cut?.has(skips.length)) skip = withZeros(skip);
        const joined = tf.concat(network.skipOrder === 'decoder-encoder' ? [x, skip] : [skip, x], 3);
        // Now, not at the end of the batch: the largest layers come last.
        x.dispose();
        skip.dispose();
        x = joined;
      }
      const output = compute(x);
      x.dispose();
      x = output;
      onLayer?.(name, x);
    }
    return x;
  };
  return {
    predict: (batch, looking = {}) => tf.tidy(() => run(batch, looking)),
    dispose() {
      for (const tensor of tensors.splice(0)) tensor.dispose();
    },
  };
}

/** Whether a tensor's values have been copied when it is made. WebGL does so when it first computes, cpu never. */
export function copiesAtOnce(): boolean {
  return tf.getBackend() === 'wasm';
}

/** Zeros in the place of a tensor. */
function withZeros(tensor: tf.Tensor4D): tf.Tensor4D {
  const zeros = tf.zerosLike(tensor);
  tensor.dispose();
  return zeros;
}

function buildLayer(
  layer: LayerPlan,
  network: NetworkDescription,
  weights: NamedWeights,
  keep: <T extends tf.Tensor>(tensor: T) => T,
  differentiable: boolean,
): Layer {
  const { kernel, bias, after } = foldLayer(layer, network, weights);
  const given = weights.get(`${layer.name}_conv/kernel`)!.values;
  const convolve = ({ values, shape }: Weight, strides: number, pad: Padding): Layer => {
    const filter = keep(tf.tensor4d(values, shape as [number, number, number, number]));
    if (values !== given && copiesAtOnce()) freeMemory([values]);
    // Once for each of the kernel's column phases.
    const repeated = Float32Array.from({ length: filter.shape[3] }, (_, n) => bias[n % bias.length]);
    const options = { filter, strides, pad, bias: keep(tf.tensor1d(repeated)), ...fusedActivation(layer.activation) };
    if (!differentiable) return (x) => tf.fused.conv2d({ x, ...options });
    return (x) => activate(tf.add(tf.conv2d(x, filter, strides, pad), options.bias), layer.activation);
  };
  const convolution = layer.part === 'encoder' ? convolve(kernel, network.stride, network.padding) : upsample(kernel);
  if (!after) return convolution;
  const scale = keep(tf.tensor1d(after.scale));
  const shift = keep(tf.tensor1d(after.shift));
  return (x) => tf.tidy(() => tf.add(tf.mul(convolution(x), scale), shift));

  function upsample(whole: Weight): Layer {
    const phases = splitPhases(whole);
    if (whole.values !== given) freeMemory([whole.values]);
    const rowPhases = phases.map((columns) =>
      columns.map(({ kernel: part, pad: { top, bottom, left, right } }) =>
        convolve(part, 1, [
          [0, 0],
          [top, bottom],
          [left, right],
          [0, 0],
        ]),
      ),
    );
    return (x) =>
      tf.tidy(() => {
        const [even, odd] = rowPhases.map((columns) => {
          const parts = columns.map((convolution) => convolution(x));
          return parts.length === 1 ? parts[0] : tf.concat(parts, 3);
        });
        return interleaveRows(even, odd, layer.outputs);
      });
  }
}

/**
 * Two [n, h, w, 2·channels] to [n, 2h, 2w, channels]. The column phases, one after the other in the channels, already
 * lie in memory as the columns of the result do.
 */
function interleaveRows(even: tf.Tensor4D, odd: tf.Tensor4D, channels: number): tf.Tensor4D {
  const [n, height, width] = even.shape;
  const rows = [even, odd].map((half) => tf.reshape(half, [n * height, width * 2 * channels]));
  return tf.reshape(tf.concat(rows, 1), [n, height * 2, width * 2, channels]);
}

function activate(x: tf.Tensor4D, activation: Activation): tf.Tensor4D {
  switch (activation.kind) {
    case 'leaky-relu':
      return tf.leakyRelu(x, activation.slope);
    case 'relu':
      return tf.relu(x);
    case 'sigmoid':
      return tf.sigmoid(x);
  }
}

function fusedActivation(activation: Activation) {
  switch (activation.kind) {
    case 'leaky-relu':
      return { activation: 'leakyrelu', leakyreluAlpha: activation.slope } as const;
    case 'relu':
      return { activation: 'relu' } as const;
    case 'sigmoid':
      return { activation: 'sigmoid' } as const;
  }
}
