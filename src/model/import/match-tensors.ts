import { ModelError } from '../../core/errors.ts';
import { type LayerGraph, weightShapes } from '../graph/layer-graph.ts';
import { rowMajorStrides, toRowMajor } from '../tensor-layout.ts';
import type { NamedWeights, Weight } from '../weights.ts';
import type { NetworkSource } from './infer-network.ts';
import type { BlockTensorNames, TensorLayout } from './preset.ts';
import type { NamedTensor } from './types.ts';

/** The layout's key for a weight of the graph: `kernel` for `encoder_0_conv/kernel`, and so on. */
const NAMES: Readonly<Record<string, keyof BlockTensorNames>> = {
  'conv/kernel': 'kernel',
  'conv/bias': 'bias',
  'norm/gamma': 'gamma',
  'norm/beta': 'beta',
  'norm/moving_mean': 'mean',
  'norm/moving_variance': 'variance',
};

/** The longest list of faults: about three for each tensor of the paper's network. */
const MAX_FAULTS = 200;

/** A network of a checkpoint: where to find its tensors, and its graph. */
export interface NetworkToMatch {
  readonly source: NetworkSource;
  readonly graph: LayerGraph;
}

/**
 * Matches a checkpoint's tensors with the weights of the networks.
 *
 * @returns the weights of each network, with the names and layouts of weightShapes
 * @throws ModelError that lists every tensor that is missing, surplus, of the wrong shape or not finite, and every
 * variance below 0
 */
export function matchTensors(
  networks: readonly NetworkToMatch[],
  layout: TensorLayout,
  where: string,
): readonly NamedWeights[] {
  const faults: string[] = [];
  // A file may hold several networks, so surplus tensors are known only after all networks are matched.
  const files = new Map(
    networks.map(({ source: { tensors } }) => [tensors, new Map(tensors.map((tensor) => [tensor.name, tensor]))]),
  );
  const matched = networks.map((network) => matchNetwork(files.get(network.source.tensors)!, network, layout, faults));
  for (const left of files.values()) {
    for (const name of left.keys()) {
      if (!layout.ignored.some((pattern) => pattern.test(name))) faults.push(`${name} belongs to no layer`);
    }
  }
  if (faults.length === 0) return matched;
  const rest = faults.length - MAX_FAULTS;
  const list = [...faults.slice(0, MAX_FAULTS), ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ');
  throw new ModelError('checkpoint.tensors', { where, list });
}

/** Matches one network, and removes its tensors from `given`. Appends to `faults`. */
function matchNetwork(
  given: Map<string, NamedTensor>,
  { source: { prefix, network }, graph }: NetworkToMatch,
  layout: TensorLayout,
  faults: string[],
): NamedWeights {
  const weights = new Map<string, Weight>();
  for (const [target, shape] of weightShapes(graph)) {
    const [, part, index, weight] = /^([a-z]+)_(\d+)_(.*)$/.exec(target)!;
    const names: Partial<BlockTensorNames> = layout[part as 'encoder' | 'decoder' | 'output'] ?? {};
    const name = prefix + names[NAMES[weight]]?.(Number(index), graph.depth, network);
    const tensor = given.get(name);
    given.delete(name);
    const axes = shape.length === 4 ? layout.kernelAxes : [0];
    const expected = axes.map((_, axis) => shape[axes.indexOf(axis)]);
    if (!tensor) faults.push(`${name} is missing`);
    else if (tensor.shape.join() !== expected.join()) {
      faults.push(`${name} is ${tensor.shape.join('×') || 'a scalar'}, not ${expected.join('×')}`);
    } else if (!allFinite(tensor.data)) faults.push(`${name} has values that are not finite`);
    else if (target.endsWith('/moving_variance') && tensor.data.some((value) => value < 0)) {
      faults.push(`${name}, a variance, has values below 0`);
    } else weights.set(target, { shape, values: transpose(tensor, axes) });
  }
  return weights;
}

export function allFinite(values: Float32Array): boolean {
  // A number times 0 is 0, unless it is infinite or NaN. This is faster than testing each number.
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * 0;
  return sum === 0;
}

/** Axis `n` of the result is axis `axes[n]` of the tensor. */
function transpose({ shape, data }: NamedTensor, axes: readonly number[]): Float32Array<ArrayBuffer> {
  const strides = rowMajorStrides(shape);
  return toRowMajor(
    data,
    axes.map((axis) => shape[axis]),
    axes.map((axis) => strides[axis]),
  );
}
