import { Float16Array } from '@petamoriken/float16';
import { joinBytes } from '../../core/join-arrays.ts';
import { type LayerGraph, nodesOf } from '../graph/layer-graph.ts';
import { rowMajorStrides } from '../tensor-layout.ts';
import type { NamedWeights, Weight, WeightEntry, WeightGroup } from '../weights.ts';
import type { StoredType } from './types.ts';

/** tfjs-core's loader hung with more shards than a browser opens connections to one host (6); ours does not. */
const MAX_SHARDS = 5;
/** TF.js's size of a shard. A shard is larger only when there would be more than MAX_SHARDS. */
const SHARD_BYTES = 4 * 1024 * 1024;
/** The greatest number in half precision. */
const MAX_FLOAT16 = 65504;
/** Steps between the smallest and the greatest number in eight bits. */
const STEPS = 255;
/** The smallest kernel, in numbers, that is stored in eight bits. */
const MIN_QUANTISED = 2 ** 17;

export interface StoredWeights {
  readonly group: WeightGroup;
  readonly shards: readonly Uint8Array<ArrayBuffer>[];
}

/**
 * Encodes weights one after the other and cuts the bytes into at most five shards of equal size.
 *
 * - `float16`: half precision. A weight with numbers beyond its range stays in single precision.
 * - `uint8`: large kernels in 256 steps for each output channel. Small kernels, at the network's input and output, in
 *   half precision: they are 2 % of the bytes, and eight bits would cost Spleeter 0.05 dB. Biases and batch norms in
 *   single precision, because a variance near 0 would lose all its digits.
 */
export function storeWeights(weights: NamedWeights, type: StoredType, graph: LayerGraph): StoredWeights {
  // The axis of the output channels: kernels are (kh, kw, in, out), those of transposed convolutions (kh, kw, out, in).
  const axes = new Map(
    nodesOf(graph).map(({ name, operation }) => [`${name}/kernel`, operation.kind === 'convolution' ? 3 : 2]),
  );
  const stored = Array.from(weights, ([name, weight]) => store(name, weight, type, axes.get(name)));
  const bytes = joinBytes(stored.map(({ bytes }) => bytes));
  const size = Math.max(SHARD_BYTES, Math.ceil(bytes.length / MAX_SHARDS));
  const shards = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
    bytes.slice(n * size, (n + 1) * size),
  );
  const paths = shards.map((_, n) => `group1-shard${n + 1}of${shards.length}.bin`);
  return { group: { paths, weights: stored.map(({ entry }) => entry) }, shards };
}

function store(
  name: string,
  weight: Weight,
  type: StoredType,
  axis: number | undefined,
): { entry: WeightEntry; bytes: Uint8Array } {
  const { shape, values } = weight;
  const entry: WeightEntry = { name, shape, dtype: 'float32' };
  const small = type === 'uint8' && axis !== undefined && values.length < MIN_QUANTISED;
  if ((type === 'float16' || small) && values.every((value) => Math.abs(value) <= MAX_FLOAT16)) {
    const halves = new Float16Array(values);
    return {
      entry: { ...entry, quantization: { original_dtype: 'float32', dtype: 'float16' } },
      bytes: new Uint8Array(halves.buffer, halves.byteOffset, halves.byteLength),
    };
  }
  if (type === 'uint8' && axis !== undefined) return quantise(entry, values, axis);
  return { entry, bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) };
}

/**
 * Quantises values: value ≈ (step − zero) · scale, with step 0 … `STEPS`. Like tensorflowjs's quantization.py, but with
 * a scale and a zero for each output channel, along `axis`. 0 is exact, so zeros from pruning or padding stay zeros.
 */
function quantise(entry: WeightEntry, values: Float32Array, axis: number): { entry: WeightEntry; bytes: Uint8Array } {
  const stride = rowMajorStrides(entry.shape)[axis];
  const channelOf = (index: number) => Math.floor(index / stride) % entry.shape[axis];
  const least = new Float64Array(entry.shape[axis]);
  const greatest = new Float64Array(entry.shape[axis]);
  for (let i = 0; i < values.length; i++) {
    const channel = channelOf(i);
    least[channel] = Math.min(least[channel], values[i]);
    greatest[channel] = Math.max(greatest[channel], values[i]);
  }
  // Few digits, because scales are written as text.
  const scale = Array.from(greatest, (max, c) => Number(((max - least[c]) / STEPS || 1).toPrecision(6)));
  const zero = scale.map((width, c) => Math.round(-least[c] / width));
  const bytes = Uint8Array.from(values, (value, i) => {
    const channel = channelOf(i);
    return Math.min(STEPS, Math.max(0, Math.round(value / scale[channel]) + zero[channel]));
  });
  return { entry: { ...entry, quantization: { original_dtype: 'float32', dtype: 'uint8', axis, zero, scale } }, bytes };
}
