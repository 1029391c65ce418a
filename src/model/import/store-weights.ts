import { Float16Array } from '@petamoriken/float16';
import { joinBytes } from '../reader.ts';
import type { NamedWeights, Weight, WeightEntry, WeightGroup } from '../weights.ts';
import type { StoredType } from './types.ts';

/** tfjs-core's loader hung on more shards than a browser opens connections to one host (6); ours would not. */
const MOST_SHARDS = 5;
/** TF.js's own size of a shard. */
const SHARD_BYTES = 4 * 1024 * 1024;
/** Greatest number of half precision. */
const FLOAT16_MAX = 65504;
/** Steps between the least and the greatest number of a weight in eight bits. */
const STEPS = 255;

export interface StoredWeights {
  readonly group: WeightGroup;
  readonly shards: readonly Uint8Array<ArrayBuffer>[];
}

/**
 * Writes weights one after the other and cuts the whole into at most five shards of equal size.
 *
 * `float16`: numbers beyond half precision's range stay in single. `uint8`: kernels only, TF.js's affine quantisation;
 * biases and norms, a thousandth of the bytes, stay in single, for a variance near 0 would lose all its digits.
 */
export function storeWeights(weights: NamedWeights, type: StoredType): StoredWeights {
  const stored = Array.from(weights, ([name, weight]) => store(name, weight, type));
  const bytes = joinBytes(stored.map(({ bytes }) => bytes));
  const size = Math.max(SHARD_BYTES, Math.ceil(bytes.length / MOST_SHARDS));
  const shards = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
    bytes.slice(n * size, (n + 1) * size),
  );
  const paths = shards.map((_, n) => `group1-shard${n + 1}of${shards.length}.bin`);
  return { group: { paths, weights: stored.map(({ entry }) => entry) }, shards };
}

function store(name: string, weight: Weight, type: StoredType): { entry: WeightEntry; bytes: Uint8Array } {
  const { shape, values } = weight;
  const entry: WeightEntry = { name, shape, dtype: 'float32' };
  if (type === 'float16' && values.every((value) => Math.abs(value) <= FLOAT16_MAX)) {
    const halves = new Float16Array(values);
    return {
      entry: { ...entry, quantization: { original_dtype: 'float32', dtype: 'float16' } },
      bytes: new Uint8Array(halves.buffer, halves.byteOffset, halves.byteLength),
    };
  }
  if (type === 'uint8' && shape.length === 4) return quantise(entry, values);
  return { entry, bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) };
}

/** As tensorflowjs's quantization.py: value ≈ min + step · scale, with step 0 … `STEPS`, and 0 among the values. */
function quantise(entry: WeightEntry, values: Float32Array): { entry: WeightEntry; bytes: Uint8Array } {
  // A kernel's zeros, which pruning or padding made, stay zeros.
  let least = 0;
  let greatest = 0;
  for (const value of values) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  const scale = (greatest - least) / STEPS || 1;
  const min = -Math.round(-least / scale) * scale;
  const bytes = Uint8Array.from(values, (value) => Math.min(STEPS, Math.max(0, Math.round((value - min) / scale))));
  return { entry: { ...entry, quantization: { original_dtype: 'float32', dtype: 'uint8', min, scale } }, bytes };
}
