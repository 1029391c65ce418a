/** JSON, as manifests and metadata have it. */
export type Json = Readonly<Record<string, unknown>>;

/**
 * A tensor's name in a checkpoint. `index` counts from 0 within encoder or decoder; `depth`: blocks of the encoder, for
 * systems that go on counting in the decoder; `network` counts from 0, for those that go on counting in the next network.
 */
export type TensorName = (index: number, depth: number, network: number) => string;

/** Names of one block's tensors in a checkpoint. */
export interface BlockTensorNames {
  readonly kernel: TensorName;
  readonly bias: TensorName;
  readonly gamma: TensorName;
  readonly beta: TensorName;
  readonly mean: TensorName;
  readonly variance: TensorName;
}

/** How a checkpoint names its tensors and lays them out. */
export interface TensorLayout {
  readonly encoder: BlockTensorNames;
  readonly decoder: BlockTensorNames;
  /** Of the convolution after the decoder, in networks that have one. */
  readonly output?: Pick<BlockTensorNames, 'kernel' | 'bias'>;
  /** Blocks of the encoder, where the names do not tell. */
  readonly depth?: number;
  /**
   * The checkpoint's axes of a kernel in the order of TensorFlow's: (kh, kw, in, out), and (kh, kw, out, in) of a
   * transposed convolution.
   */
  readonly kernelAxes: readonly [number, number, number, number];
  /** Tensors that belong to no block and may be there: counters, the optimiser's. */
  readonly ignored: readonly RegExp[];
}

/** A system whose checkpoints can be imported, as data. */
export interface Preset {
  readonly id: string;
  readonly title: string;
  /** What its checkpoints look like: endings of file names, and a clause for people. */
  readonly accepts: { readonly endings: readonly string[]; readonly text: string };
  /**
   * The fields of the manifest that the weights do not tell, see manifest.ts; `networks` in the order of the checkpoint.
   * Filters follow from the tensors' shapes; so does whether convolutions have a bias, where it is not stated.
   *
   * @param networks how many the checkpoint holds
   */
  readonly describe: (networks: number) => Json;
  /** The ways in which its checkpoints are laid out. */
  readonly layouts: readonly TensorLayout[];
}

/** (out, in, kh, kw) of convolutions and (in, out, kh, kw) of transposed ones, as Chainer and PyTorch keep them. */
export const CHANNELS_FIRST = [2, 3, 1, 0] as const;

/**
 * Objects are merged field by field; everything else in `over` replaces what was there, and so does an object of another
 * kind (`kind`, `rule`), which has other fields.
 */
export function mergeJson(base: unknown, over: unknown): unknown {
  if (!isJson(base) || !isJson(over)) return over;
  const differ = (field: string) =>
    base[field] !== undefined && over[field] !== undefined && base[field] !== over[field];
  if (differ('kind') || differ('rule')) return over;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    if (value !== undefined) merged[key] = Object.hasOwn(merged, key) ? mergeJson(merged[key], value) : value;
  }
  return merged;
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
