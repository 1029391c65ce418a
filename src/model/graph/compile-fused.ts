import * as tf from '@tensorflow/tfjs-core';
import { freeMemory } from '../../core/memory.ts';
import type { NamedWeights, Weight } from '../weights.ts';
import { foldConvolution, normFactors } from './fold-batch-norm.ts';
import { type Activation, INPUT, type LayerGraph, type LayerNode, nodesOf, readersOf } from './layer-graph.ts';
import { subpixelKernels } from './subpixel-kernels.ts';

/** The network on the backend that was in use when it was made. */
export interface FastNetwork {
  /**
   * [n, bins, frames, channels], compressed magnitudes, to masks of that shape. Bins and frames are any multiples of 2 to
   * the power of the graph's depth. The caller disposes of the result.
   */
  predict(batch: tf.Tensor4D, looking?: PredictHooks): tf.Tensor4D;
  /** Gives back the weights' memory. */
  dispose(): void;
}

/** For who wants to know how the network comes to its answer. */
export interface PredictHooks {
  /** Skip connections that are cut, by the encoder block they come from: zeros stand in their place. */
  readonly cut?: ReadonlySet<number>;
  /** Sees each block's output, which is disposed of soon after. */
  readonly onLayer?: (name: string, output: tf.Tensor4D) => void;
}

export interface NetworkOptions {
  /** Whether tf.grad can go through it: convolutions and activations are not fused then, which is slower. */
  readonly differentiable?: boolean;
}

/** Computes one tensor; makes no other that the caller's tidy does not see. */
type Compute = (x: tf.Tensor4D) => tf.Tensor4D;

/** One call of the backend or a few, for one node or several fused ones. */
interface Step {
  /** The last node of those that it computes. */
  readonly name: string;
  readonly inputs: readonly string[];
  readonly compute: Compute;
  /** The input that is a skip connection, and the encoder block that it comes from. */
  readonly skip?: { readonly input: number; readonly from: number };
}

type Padding = 'same' | [[number, number], [number, number], [number, number], [number, number]];

/**
 * Compiles a graph for speed: the same function as compile-layers.ts, in fewer multiplications and passes over memory.
 * A batch norm is folded into a convolution where nobody else reads the convolution's raw output; bias and activation are
 * fused with convolutions; a transposed convolution is four small convolutions, one a phase of its output (phases.ts), put
 * together by copying long rows. TF.js's depthToSpace, which would do the latter, takes longer on wasm than the
 * convolutions.
 *
 * @param weights as in the model's files; see layer-graph.ts for their names
 */
export function createNetwork(
  graph: LayerGraph,
  weights: NamedWeights,
  { differentiable = false }: NetworkOptions = {},
): FastNetwork {
  const kept: tf.Tensor[] = [];
  const keep = <T extends tf.Tensor>(tensor: T): T => {
    kept.push(tf.keep(tensor));
    return tensor;
  };
  const steps = compile(graph, { weights, keep, differentiable });
  const blockOf = new Map(graph.blocks.map(({ name, nodes }) => [nodes[nodes.length - 1].name, name]));
  const lastReader = new Map(steps.flatMap((step, n) => step.inputs.map((input) => [input, n] as const)));

  const run = (batch: tf.Tensor4D, { cut, onLayer }: PredictHooks): tf.Tensor4D => {
    const tensors = new Map([[INPUT, batch]]);
    let output = batch;
    for (const [n, { name, inputs, compute, skip }] of steps.entries()) {
      const read = inputs.map((input) => tensors.get(input)!);
      let x = read[0];
      if (read.length > 1) {
        const zeros = skip && cut?.has(skip.from) ? tf.zerosLike(read[skip.input]) : undefined;
        x = tf.concat(
          read.map((tensor, i) => (zeros && i === skip?.input ? zeros : tensor)),
          3,
        );
        zeros?.dispose();
      }
      output = compute(x);
      if (read.length > 1 && output !== x) x.dispose();
      tensors.set(name, output);
      const block = blockOf.get(name);
      if (block !== undefined) onLayer?.(block, output);
      // Now, not at the end of the batch: the largest layers come last.
      for (const input of inputs) {
        if (input === INPUT || lastReader.get(input) !== n) continue;
        tensors.get(input)!.dispose();
        tensors.delete(input);
      }
    }
    return output;
  };
  return {
    predict: (batch, looking = {}) => tf.tidy(() => run(batch, looking)),
    dispose() {
      for (const tensor of kept.splice(0)) tensor.dispose();
    },
  };
}

/** Whether a tensor's values have been copied when it is made. WebGL does so when it first computes, cpu never. */
export function copiesAtOnce(): boolean {
  return tf.getBackend() === 'wasm';
}

interface Compiling {
  readonly weights: NamedWeights;
  readonly keep: <T extends tf.Tensor>(tensor: T) => T;
  readonly differentiable: boolean;
}

function compile(graph: LayerGraph, compiling: Compiling): readonly Step[] {
  const readers = readersOf(graph);
  /** The one node that reads `node`, if it is of this kind. */
  const only = (node: LayerNode, kind: LayerNode['operation']['kind']): LayerNode | undefined => {
    const [reader, ...others] = readers.get(node.name) ?? [];
    return reader?.operation.kind === kind && others.length === 0 ? reader : undefined;
  };
  const steps: Step[] = [];
  const done = new Set<string>();
  for (const node of nodesOf(graph)) {
    if (done.has(node.name)) continue;
    const fused = [node];
    const take = (kind: 'batch-norm' | 'activation'): LayerNode | undefined => {
      const next = only(fused[fused.length - 1], kind);
      if (next) fused.push(next);
      return next;
    };
    const compute = compileNode(node, take, compiling);
    for (const { name } of fused) done.add(name);
    const skip = node.operation.kind === 'concatenate' ? node.operation.skip : undefined;
    steps.push({ name: fused[fused.length - 1].name, inputs: node.inputs, compute, skip });
  }
  return joinConcatenations(steps);
}

/** A concatenation is computed by the step that reads it, so that its tensor goes as soon as that is done. */
function joinConcatenations(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step, n) => {
    if (step.skip) return [];
    const before = n > 0 ? steps[n - 1] : undefined;
    if (!before?.skip || step.inputs[0] !== before.name) return [step];
    return [{ ...step, inputs: before.inputs, skip: before.skip }];
  });
}

/** @param take the next node, if it can be computed with the ones before */
function compileNode(
  node: LayerNode,
  take: (kind: 'batch-norm' | 'activation') => LayerNode | undefined,
  compiling: Compiling,
): Compute {
  const { operation } = node;
  const activationOf = (next: LayerNode | undefined) =>
    next?.operation.kind === 'activation' ? next.operation.activation : undefined;
  switch (operation.kind) {
    case 'convolution':
    case 'transposed-convolution': {
      const norm = take('batch-norm');
      return compileConvolution(node, norm, activationOf(take('activation')), compiling);
    }
    case 'batch-norm': {
      const { scale, shift } = normFactors(node.name, operation.epsilon, compiling.weights);
      return compileAffine(scale, shift, activationOf(take('activation')), compiling);
    }
    case 'activation':
      return (x) => activate(x, operation.activation);
    case 'concatenate':
      return (x) => x;
  }
}

function compileConvolution(
  node: LayerNode,
  norm: LayerNode | undefined,
  activation: Activation | undefined,
  { weights, keep, differentiable }: Compiling,
): Compute {
  const { kernel, bias } = foldConvolution(node, norm, weights);
  const given = weights.get(`${node.name}/kernel`)!.values;
  const convolve = ({ values, shape }: Weight, strides: number, dilations: number, pad: Padding): Compute => {
    const filter = keep(tf.tensor4d(values, shape as [number, number, number, number]));
    if (values !== given && copiesAtOnce()) freeMemory([values]);
    // Once for each of the kernel's column phases.
    const repeated = Float32Array.from({ length: filter.shape[3] }, (_, n) => bias[n % bias.length]);
    const options = {
      filter,
      strides,
      dilations,
      pad,
      bias: keep(tf.tensor1d(repeated)),
      ...fusedActivation(activation),
    };
    if (!differentiable) return (x) => tf.fused.conv2d({ x, ...options });
    return (x) => activate(tf.add(tf.conv2d(x, filter, strides, pad, 'NHWC', dilations), options.bias), activation);
  };
  const { operation } = node;
  if (operation.kind === 'convolution') {
    const { stride, dilation } = operation;
    // TF.js has no gradient of a dilated convolution.
    if (differentiable && dilation > 1) return convolve(spread(kernel, dilation), stride, 1, 'same');
    return convolve(kernel, stride, dilation, 'same');
  }

  const phases = subpixelKernels(kernel);
  if (kernel.values !== given) freeMemory([kernel.values]);
  const rowPhases = phases.map((columns) =>
    columns.map(({ kernel: part, pad: { top, bottom, left, right } }) =>
      convolve(part, 1, 1, [
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
      return interleaveRows(even, odd, node.channels);
    });
}

/** A dilated kernel as a plain one: zeros stand between its values. */
function spread({ values, shape }: Weight, dilation: number): Weight {
  const [height, width, inputs, outputs] = shape;
  const [rows, columns] = [height, width].map((side) => dilation * (side - 1) + 1);
  const spread = new Float32Array(rows * columns * inputs * outputs);
  const size = inputs * outputs;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = (row * width + column) * size;
      spread.set(values.subarray(from, from + size), dilation * (row * columns + column) * size);
    }
  }
  return { values: spread, shape: [rows, columns, inputs, outputs] };
}

/** scale · x + shift, by channel, and an activation: one pass as a depthwise convolution of 1×1. */
function compileAffine(
  scale: Float32Array,
  shift: Float32Array,
  activation: Activation | undefined,
  { keep, differentiable }: Compiling,
): Compute {
  const bias = keep(tf.tensor1d(shift));
  if (differentiable) {
    const factor = keep(tf.tensor1d(scale));
    return (x) => tf.tidy(() => activate(tf.add(tf.mul(x, factor), bias), activation));
  }
  const filter = keep(tf.tensor4d(scale, [1, 1, scale.length, 1]));
  const options = { filter, strides: 1, pad: 'same', bias, ...fusedActivation(activation) } as const;
  return (x) => tf.fused.depthwiseConv2d({ x, ...options });
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

function fusedActivation(activation: Activation | undefined) {
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
