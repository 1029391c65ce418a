/** JSON, as manifests and metadata have it. */
export type Json = Readonly<Record<string, unknown>>;

/** Names of one layer's tensors in a checkpoint; `index` counts from 0 within encoder or decoder. */
export interface LayerTensorNames {
  readonly kernel: TensorName;
  readonly bias: TensorName;
  readonly gamma: TensorName;
  readonly beta: TensorName;
  readonly mean: TensorName;
  readonly variance: TensorName;
}

/** `depth`: layers of the encoder, for systems that go on counting in the decoder. */
export type TensorName = (index: number, depth: number) => string;

/** A system whose checkpoints can be imported, as data. */
export interface Preset {
  readonly id: string;
  readonly title: string;
  /** What its checkpoints look like: endings of file names, and a clause for people. */
  readonly accepts: { readonly endings: readonly string[]; readonly text: string };
  /**
   * The fields of the manifest that its weights do not tell, see manifest.ts. Filters follow from the tensors' shapes;
   * so does whether convolutions have a bias, where `network.bias` is not stated.
   */
  readonly description: Json;
  /** Where the weights of the layers model are found. */
  readonly tensors: { readonly encoder: LayerTensorNames; readonly decoder: LayerTensorNames };
  /**
   * The checkpoint's axes of a kernel in the order of TensorFlow's: (kh, kw, in, out), and (kh, kw, out, in) of a
   * transposed convolution.
   */
  readonly kernelAxes: readonly [number, number, number, number];
  /** Tensors that belong to no layer and may be there: counters, the optimiser's. */
  readonly ignored: readonly RegExp[];
}

/** (out, in, kh, kw) of convolutions and (in, out, kh, kw) of transposed ones, as Chainer and PyTorch keep them. */
export const CHANNELS_FIRST = [2, 3, 1, 0] as const;

/** Objects are merged field by field; everything else in `over` replaces what was there. */
export function mergeJson(base: unknown, over: unknown): unknown {
  if (!isJson(base) || !isJson(over)) return over;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    if (value !== undefined) merged[key] = Object.hasOwn(merged, key) ? mergeJson(merged[key], value) : value;
  }
  return merged;
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
