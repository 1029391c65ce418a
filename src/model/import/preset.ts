/** A JSON object, such as a manifest or metadata. */
export type Json = Readonly<Record<string, unknown>>;

/**
 * A tensor's name in a checkpoint. `index` counts blocks from 0 within the encoder or decoder. `depth` is the number of
 * encoder blocks, for systems whose numbers run on in the decoder. `network` counts from 0, for systems whose numbers
 * run on in the next network.
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
  /** The convolution after the decoder, in networks that have one. */
  readonly output?: Pick<BlockTensorNames, 'kernel' | 'bias'>;
  /** Blocks of the encoder. Default: counted from the names. */
  readonly depth?: number;
  /**
   * The checkpoint's kernel axes in TensorFlow's order: (kh, kw, in, out), or (kh, kw, out, in) for a transposed
   * convolution.
   */
  readonly kernelAxes: readonly [number, number, number, number];
  /** Tensors that may exist but belong to no block: counters, optimiser states. */
  readonly ignored: readonly RegExp[];
}

/** Describes a system whose checkpoints can be imported. */
export interface Preset {
  readonly id: string;
  readonly title: string;
  /** Endings of its checkpoints' file names, and a description for people. */
  readonly accepts: { readonly endings: readonly string[]; readonly text: string };
  /**
   * The manifest's fields that the weights do not determine (manifest.ts), with `networks` in the checkpoint's order.
   * The filters follow from the tensors' shapes. So does `bias`, unless it is stated.
   *
   * @param networks the number of networks in the checkpoint
   */
  readonly describe: (networks: number) => Json;
  /** The possible layouts of its checkpoints. */
  readonly layouts: readonly TensorLayout[];
}

/** Kernels of Chainer and PyTorch: (out, in, kh, kw), or (in, out, kh, kw) for transposed convolutions. */
export const CHANNELS_FIRST = [2, 3, 1, 0] as const;

/**
 * Merges two JSON values. Objects are merged field by field. Any other value of `over` replaces the value of `base`,
 * and so does an object of a different `kind` or `rule`, because its fields are different.
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
