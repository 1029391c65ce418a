import { z } from 'zod';
import { ModelError } from '../core/errors.ts';
import { joinBytes } from '../core/join-arrays.ts';
import { freeMemory } from '../core/memory.ts';
import { type LayerGraph, weightShapes } from './graph/layer-graph.ts';
import { elementCount, rowMajorStrides } from './tensor-layout.ts';

/** A weight in TensorFlow's layout, row-major. */
export interface Weight {
  readonly shape: readonly number[];
  readonly values: Float32Array<ArrayBuffer>;
}

/** Weights by name, e.g. `encoder_0_conv/kernel`. */
export type NamedWeights = ReadonlyMap<string, Weight>;

/**
 * An entry of a TF.js weights manifest: https://github.com/tensorflow/tfjs, tfjs-core/src/io/types.ts. With `axis` the
 * quantisation is this project's own, which TF.js cannot read: each index along this axis has its scale and its zero
 * point.
 */
export interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: {
    readonly dtype: string;
    readonly scale?: number | readonly number[];
    readonly min?: number;
    readonly axis?: number;
    readonly zero?: readonly number[];
    readonly original_dtype?: string;
  };
}

export interface WeightGroup {
  readonly paths: readonly string[];
  readonly weights: readonly WeightEntry[];
}

const entrySchema = z.object({
  name: z.string(),
  shape: z.array(z.int().nonnegative()),
  dtype: z.string(),
  quantization: z
    .object({
      dtype: z.string(),
      scale: z.union([z.number(), z.array(z.number())]).optional(),
      min: z.number().optional(),
      axis: z.int().nonnegative().optional(),
      zero: z.array(z.int()).optional(),
    })
    .optional(),
});
const modelSchema = z.object({
  weightsManifest: z.array(z.object({ paths: z.array(z.string()), weights: z.array(entrySchema) })),
});

/** Reads the `weightsManifest` of a model.json. @throws ModelError when it has none */
export function weightGroups(modelJson: unknown, where: string): readonly WeightGroup[] {
  const model = modelSchema.safeParse(modelJson);
  if (model.success) return model.data.weightsManifest;
  throw new ModelError('weights.none', { where }, { cause: model.error });
}

/**
 * Reads the weights of one group from its shards, joined in order. float32, float16, uint8 and uint16 (scale and min).
 *
 * tfjs-core's io.decodeWeights does the same, but puts each weight on the current backend, and no backend is chosen yet
 * when a model loads. A test compares the two.
 *
 * @throws ModelError when the bytes do not match the list, or a type is unknown.
 */
export function decodeGroup(group: WeightGroup, shards: readonly Uint8Array[], where: string): Map<string, Weight> {
  const bytes = shards.length === 1 ? shards[0] : joinBytes(shards);
  const weights = new Map<string, Weight>();
  for (const { entry, stored, start, end } of placesInGroup(group, bytes.length, where)) {
    // A copy, because the bytes need not lie on a multiple of their width.
    const piece = bytes.slice(start, end);
    const values = decodeValues(piece.buffer, stored, entry);
    weights.set(entry.name, { shape: entry.shape, values });
    if (values.buffer !== piece.buffer) freeMemory([piece]);
  }
  if (shards.length > 1) freeMemory([bytes]);
  return weights;
}

/** A weight's type as it is stored, and the bytes [start, end) of its group that hold it. */
interface PlaceInGroup {
  readonly entry: WeightEntry;
  readonly stored: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The place of each weight in the joined shards of its group. Decodes nothing.
 *
 * @param bytes the shards' length together
 * @throws ModelError when that does not match the list, or a type is unknown.
 */
export function placesInGroup(group: WeightGroup, bytes: number, where: string): readonly PlaceInGroup[] {
  let start = 0;
  const places = group.weights.map((entry) => {
    const length = elementCount(entry.shape);
    const stored = entry.quantization?.dtype ?? entry.dtype;
    const width = { float32: 4, float16: 2, uint16: 2, uint8: 1 }[stored];
    if (width === undefined || entry.dtype !== 'float32') {
      throw new ModelError('weights.type', { where, name: entry.name, type: stored });
    }
    const { axis, scale, zero } = entry.quantization ?? {};
    if (
      typeof scale === 'object' &&
      (axis === undefined || scale.length !== entry.shape[axis] || zero?.length !== scale.length)
    ) {
      throw new ModelError('weights.scales', { where, name: entry.name });
    }
    const place = { entry, stored, start, end: start + length * width };
    start = place.end;
    if (start > bytes) throw new ModelError('weights.too-short', { where, name: entry.name });
    return place;
  });
  if (start !== bytes) throw new ModelError('weights.too-long', { where, bytes: start - bytes });
  return places;
}

function decodeValues(buffer: ArrayBuffer, stored: string, entry: WeightEntry): Float32Array<ArrayBuffer> {
  if (stored === 'float32') return new Float32Array(buffer);
  if (stored === 'float16') return decodeFloat16(new Uint16Array(buffer));
  const { scale = 1, min = 0, axis, zero } = entry.quantization ?? {};
  const steps = stored === 'uint8' ? new Uint8Array(buffer) : new Uint16Array(buffer);
  // Float32Array.from would build a list of millions of numbers first: 100 MB that the page never gives back.
  const values = new Float32Array(steps.length);
  if (typeof scale === 'number') {
    for (let i = 0; i < steps.length; i++) values[i] = steps[i] * scale + min;
    return values;
  }
  const stride = rowMajorStrides(entry.shape)[axis ?? 0];
  for (let i = 0, channel = 0; i < steps.length; channel = (channel + 1) % scale.length) {
    for (const end = i + stride; i < end; i++) values[i] = (steps[i] - zero![channel]) * scale[channel];
  }
  return values;
}

/**
 * Decodes IEEE 754 half precision to single. The shifted bits of a half are a single whose exponent is too small by the
 * difference of the biases, 127 − 15; multiplying by 2¹¹² corrects it exactly, subnormals included.
 */
export function decodeFloat16(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const bits = new Uint32Array(halves.length);
  const values = new Float32Array(bits.buffer);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i];
    bits[i] = ((half & 0x8000) << 16) | ((half & 0x7fff) << 13);
    if ((half & 0x7c00) === 0x7c00) bits[i] |= 0x7f800000;
    else values[i] *= 2 ** 112;
  }
  return values;
}

/** @throws ModelError that names every weight that is missing, surplus or of the wrong shape for the network. */
export function checkWeights(
  weights: ReadonlyMap<string, Pick<Weight, 'shape'>>,
  graph: LayerGraph,
  where: string,
): void {
  const expected = weightShapes(graph);
  const faults: string[] = [];
  for (const [name, shape] of expected) {
    const got = weights.get(name)?.shape;
    if (!got) faults.push(`${name} is missing`);
    else if (got.join() !== shape.join()) faults.push(`${name} is ${got.join('×')}, not ${shape.join('×')}`);
  }
  for (const name of weights.keys()) if (!expected.has(name)) faults.push(`${name} belongs to no layer`);
  if (faults.length > 0) throw new ModelError('weights.do-not-fit', { where, faults: faults.join('; ') });
}
