import { Float16Array } from '@petamoriken/float16';
import type { NamedWeights, WeightGroup } from '../../src/model/weights.ts';

export type StoredType = 'float16' | 'float32';

/** tfjs-core's loader hung on more shards than a browser opens connections to one host (6); ours would not. */
const MOST_SHARDS = 5;
/** TF.js's own size of a shard. */
const SHARD_BYTES = 4 * 1024 * 1024;

export interface StoredWeights {
  readonly group: WeightGroup;
  readonly shards: readonly Uint8Array[];
}

/** Writes weights one after the other and cuts the whole into at most five shards of equal size. */
export function storeWeights(weights: NamedWeights, type: StoredType): StoredWeights {
  const entries = [...weights];
  const parts = entries.map(([, { values }]) => {
    const stored = type === 'float16' ? new Float16Array(values) : values;
    return new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
  });
  const bytes = Buffer.concat(parts);
  const total = bytes.length;
  const size = Math.max(SHARD_BYTES, Math.ceil(total / MOST_SHARDS));
  const shards = Array.from({ length: Math.ceil(total / size) }, (_, n) =>
    bytes.subarray(n * size, Math.min((n + 1) * size, total)),
  );
  const paths = shards.map((_, n) => `group1-shard${n + 1}of${shards.length}.bin`);
  const listed = entries.map(([name, { shape }]) => ({
    name,
    shape,
    dtype: 'float32',
    ...(type === 'float16' && { quantization: { original_dtype: 'float32', dtype: 'float16' } }),
  }));
  return { group: { paths, weights: listed }, shards };
}
