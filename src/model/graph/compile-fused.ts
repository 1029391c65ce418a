import * as tf from '@tensorflow/tfjs-core';
import { freeMemory } from '../../core/memory.ts';
import type { NamedWeights, Weight } from '../weights.ts';
import { activate, fusedActivation } from './activation.ts';
import {
  type Compute,
  type FilterShape,
  inBands,
  needsBands,
  type Padding,
  transposedInBands,
} from './banded-convolution.ts';
import { dilateKernel } from './dilate-kernel.ts';
import { foldConvolution, normFactors } from './fold-batch-norm.ts';
import { freeFilter } from './free-filter.ts';
import { interleaveRows, joined } from './join-tensors.ts';
import { type Activation, INPUT, type LayerGraph, type LayerNode, nodesOf, readersOf } from './layer-graph.ts';
import { convolveAsProduct } from './matrix-convolution.ts';
import { subpixelKernels } from './subpixel-kernels.ts';

/** A network with its weights on the backend that was current when it was created. */
export interface FusedNetwork {
  /**
   * Runs the network.
   *
   * @param batch normalised and compressed magnitudes, [n, bins, frames, channels]; bins and frames are multiples of
   * 2 to the power of the graph's depth
   * @returns the network's output (masks, magnitudes or logits), of the same shape; the caller disposes of it
   */
  predict(batch: tf.Tensor4D, hooks?: PredictHooks): tf.Tensor4D;
  /** Frees the weights' memory. */
  dispose(): void;
}

/** Hooks into a prediction, for views that show the network's layers. */
export interface PredictHooks {
  /** Encoder blocks whose skip connections are replaced by zeros. */
  readonly cut?: ReadonlySet<number>;
  /** Receives each block's output. The network disposes of that tensor soon after the call. */
  readonly onLayer?: (name: string, output: tf.Tensor4D) => void;
}

export interface NetworkOptions {
  /** Allows tf.grad. Convolutions and activations are then not fused, which is slower. Default: false. */
  readonly differentiable?: boolean;
  /** The weights' arrays are the network's: it frees each as soon as nothing needs it. Default: false. */
  readonly ownsWeights?: boolean;
}

/** One or a few backend calls that compute one node or several fused nodes. */
interface Step {
  /** The last of its nodes. */
  readonly name: string;
  readonly inputs: readonly string[];
  readonly compute: Compute;
  /** Whether it is a transposed convolution, with its activation. */
  readonly transposed: boolean;
  /** The index of the input that is a skip connection, and the encoder block that it comes from. */
  readonly skip?: { readonly input: number; readonly from: number };
}

/**
 * Compiles a graph for speed. The result computes the same function as compile-layers.ts with fewer multiplications and
 * fewer passes over memory:
 *
 * - A batch norm is folded into the convolution before it, unless another node reads the convolution's raw output.
 * - Bias and activation are fused with convolutions.
 * - A transposed convolution runs as four small convolutions, one for each subpixel phase of its output
 *   (subpixel-kernels.ts). Their outputs are joined by copying long rows: on wasm, TF.js's depthToSpace takes longer
 *   than the convolutions.
 *
 * @param weights as in the model's files; weightShapes (layer-graph.ts) gives their names and shapes
 */
export function createFusedNetwork(
  graph: LayerGraph,
  weights: NamedWeights,
  { differentiable = false, ownsWeights = false }: NetworkOptions = {},
): FusedNetwork {
  const constants: tf.Tensor[] = [];
  const keep = <T extends tf.Tensor>(tensor: T): T => {
    constants.push(tf.keep(tensor));
    return tensor;
  };
  const steps = compile(graph, { weights, keep, differentiable, ownsWeights });
  const blockOf = new Map(graph.blocks.map(({ name, nodes }) => [nodes[nodes.length - 1].name, name]));
  const lastReader = new Map(steps.flatMap((step, n) => step.inputs.map((input) => [input, n] as const)));

  const run = (batch: tf.Tensor4D, { cut, onLayer }: PredictHooks): tf.Tensor4D => {
    const tensors = new Map([[INPUT, batch]]);
    let output = batch;
    for (const [n, { name, inputs, compute, transposed, skip }] of steps.entries()) {
      const read = inputs.map((input) => tensors.get(input)!);
      // Freed as soon as nothing reads them, not at the end of the batch: the largest layers come last.
      const freeRead = () => {
        for (const input of inputs) {
          if (input === INPUT || lastReader.get(input) !== n) continue;
          tensors.get(input)?.dispose();
          tensors.delete(input);
        }
      };
      if (read.length === 1) {
        output = compute(read[0]);
      } else {
        const zeros = skip && cut?.has(skip.from) ? tf.zerosLike(read[skip.input]) : undefined;
        const parts = read.map((tensor, i) => (zeros && i === skip?.input ? zeros : tensor));
        if (transposed && needsBands(parts)) {
          output = transposedInBands(parts, compute);
        } else {
          const x = tf.concat(parts, 3);
          freeRead();
          output = compute(x);
          if (output !== x) x.dispose();
        }
        zeros?.dispose();
      }
      tensors.set(name, output);
      const block = blockOf.get(name);
      if (block !== undefined) onLayer?.(block, output);
      freeRead();
    }
    return output;
  };
  return {
    predict: (batch, hooks = {}) => tf.tidy(() => run(batch, hooks)),
    dispose() {
      for (const tensor of constants.splice(0)) tensor.dispose();
    },
  };
}

/** Whether the current backend copies a tensor's values on creation. WebGL copies them at the first use, cpu never. */
export function copiesOnCreation(): boolean {
  return tf.getBackend() === 'wasm';
}

/** Numbers of a filter from which on a convolution runs as a matrix product on wasm, without a copy of the filter. */
const LARGE_FILTER = 2 ** 18;

interface Compiling {
  readonly weights: NamedWeights;
  readonly keep: <T extends tf.Tensor>(tensor: T) => T;
  readonly differentiable: boolean;
  readonly ownsWeights: boolean;
}

function compile(graph: LayerGraph, compiling: Compiling): readonly Step[] {
  const readers = readersOf(graph);
  /** The only node that reads `node`, if it is of this kind. */
  const onlyReader = (node: LayerNode, kind: LayerNode['operation']['kind']): LayerNode | undefined => {
    const [reader, ...others] = readers.get(node.name) ?? [];
    return reader?.operation.kind === kind && others.length === 0 ? reader : undefined;
  };
  const steps: Step[] = [];
  const done = new Set<string>();
  for (const node of nodesOf(graph)) {
    if (done.has(node.name)) continue;
    const fused = [node];
    const fuseNext = (kind: 'batch-norm' | 'activation'): LayerNode | undefined => {
      const next = onlyReader(fused[fused.length - 1], kind);
      if (next) fused.push(next);
      return next;
    };
    const compute = compileNode(node, fuseNext, compiling);
    for (const { name } of fused) done.add(name);
    const skip = node.operation.kind === 'concatenate' ? node.operation.skip : undefined;
    const transposed = node.operation.kind === 'transposed-convolution';
    steps.push({ name: fused[fused.length - 1].name, inputs: node.inputs, compute, transposed, skip });
  }
  return joinConcatenations(steps);
}

/** Moves each concatenation into the step that reads it, so that its tensor is freed right after that step. */
function joinConcatenations(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step, n) => {
    if (step.skip) return [];
    const before = n > 0 ? steps[n - 1] : undefined;
    if (!before?.skip || step.inputs[0] !== before.name) return [step];
    return [{ ...step, inputs: before.inputs, skip: before.skip }];
  });
}

/** @param fuseNext fuses the next node, if it is of this kind and the only reader, and returns it */
function compileNode(
  node: LayerNode,
  fuseNext: (kind: 'batch-norm' | 'activation') => LayerNode | undefined,
  compiling: Compiling,
): Compute {
  const { operation } = node;
  const activationOf = (next: LayerNode | undefined) =>
    next?.operation.kind === 'activation' ? next.operation.activation : undefined;
  switch (operation.kind) {
    case 'convolution':
    case 'transposed-convolution': {
      const norm = fuseNext('batch-norm');
      return compileConvolution(node, norm, activationOf(fuseNext('activation')), compiling);
    }
    case 'batch-norm': {
      const { scale, shift } = normFactors(node.name, operation.epsilon, compiling.weights);
      return compileAffine(scale, shift, activationOf(fuseNext('activation')), compiling);
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
  { weights, keep, differentiable, ownsWeights }: Compiling,
): Compute {
  const { kernel, bias } = foldConvolution(node, norm, weights);
  const stored = weights.get(`${node.name}/kernel`)!.values;
  if (ownsWeights && kernel.values !== stored) freeMemory([stored]);
  const isOwn = ownsWeights || kernel.values !== stored;
  const convolve = ({ values, shape }: Weight, strides: number, dilations: number, pad: Padding): Compute => {
    const createFilter = (): tf.Tensor4D => {
      const filter = keep(tf.tensor4d(values, shape as FilterShape));
      if (isOwn && copiesOnCreation()) freeMemory([values]);
      return filter;
    };
    // The bias repeats for each column phase of the kernel.
    const repeated = Float32Array.from({ length: shape[3] }, (_, n) => bias[n % bias.length]);
    const convolution = { strides, dilations, pad, bias: keep(tf.tensor1d(repeated)) };
    if (differentiable) {
      const filter = createFilter();
      return (x) => {
        const sum = tf.add<tf.Tensor4D>(tf.conv2d(x, filter, strides, pad, 'NHWC', dilations), convolution.bias);
        return activate(sum, activation);
      };
    }
    const fused = { ...convolution, ...fusedActivation(activation, shape[3], keep) };
    let filter: tf.Tensor4D | undefined;
    // At the first run, one after the other: most of the memory of one is free before the next one needs it.
    const filterOf = (): tf.Tensor4D => (filter ??= createFilter());
    const run = (x: tf.Tensor4D, edges: Padding) =>
      tf.fused.conv2d<tf.Tensor4D>({ x, filter: filterOf(), ...fused, pad: edges });
    if (!copiesOnCreation()) return (x) => run(x, pad);
    if (dilations > 1 || values.length < LARGE_FILTER) return inBands(run, shape as FilterShape, convolution);
    return (x) => {
      const isFirst = filter === undefined;
      const output = convolveAsProduct({ x, filter: filterOf(), ...fused });
      if (isFirst) freeFilter(filterOf());
      return output;
    };
  };
  const { operation } = node;
  if (operation.kind === 'convolution') {
    const { stride, dilation } = operation;
    // TF.js has no gradient of a dilated convolution.
    if (differentiable && dilation > 1) return convolve(dilateKernel(kernel, dilation), stride, 1, 'same');
    return convolve(kernel, stride, dilation, 'same');
  }

  const kernels = subpixelKernels(kernel);
  if (isOwn) freeMemory([kernel.values]);
  const rowPhases = kernels.map((columnPhases) =>
    columnPhases.map(({ kernel: subkernel, pad: { top, bottom, left, right } }) =>
      convolve(subkernel, 1, 1, [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ]),
    ),
  );
  return (x) => {
    const [even, odd] = rowPhases.map((columnPhases): tf.Tensor4D => {
      const outputs = columnPhases.map((convolution) => convolution(x));
      return outputs.length === 1 ? outputs[0] : joined(outputs, () => tf.concat<tf.Tensor4D>(outputs, 3));
    });
    return joined([even, odd], () => interleaveRows(even, odd, node.channels));
  };
}

/** Computes scale · x + shift for each channel, and an activation, in one pass: a depthwise convolution of 1×1. */
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
  const options = {
    filter,
    strides: 1,
    pad: 'same',
    bias,
    ...fusedActivation(activation, scale.length, keep),
  } as const;
  return (x) => tf.fused.depthwiseConv2d({ x, ...options });
}
