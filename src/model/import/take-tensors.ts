import { ModelError } from '../../errors.ts';
import type { NetworkDescription } from '../manifest.ts';
import { planLayers, weightShapes } from '../plan.ts';
import type { NamedWeights, Weight } from '../weights.ts';
import type { LayerTensorNames, Preset } from './preset.ts';
import type { NamedTensor } from './types.ts';

/** Which of a preset's names a weight of plan.ts goes by: `encoder_0_conv/kernel` by `kernel`, and so on. */
const PARTS: Readonly<Record<string, keyof LayerTensorNames>> = {
  'conv/kernel': 'kernel',
  'conv/bias': 'bias',
  'norm/gamma': 'gamma',
  'norm/beta': 'beta',
  'norm/moving_mean': 'mean',
  'norm/moving_variance': 'variance',
};

/** Longest list of faults: two for each tensor of the paper's network, and some. */
const MOST_FAULTS = 200;

/**
 * A checkpoint's tensors under the layers model's names and in its layouts, see weightShapes.
 *
 * @param prefix stands before every name, see commonPrefix
 * @throws ModelError that lists every tensor that is missing, surplus, of the wrong shape or not finite
 */
export function takeTensors(
  tensors: readonly NamedTensor[],
  preset: Pick<Preset, 'tensors' | 'kernelAxes' | 'ignored'>,
  network: NetworkDescription,
  prefix: string,
  where: string,
): NamedWeights {
  const given = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const weights = new Map<string, Weight>();
  const faults: string[] = [];
  for (const { source, target, shape } of wantedTensors(preset, network)) {
    const name = prefix + source;
    const tensor = given.get(name);
    given.delete(name);
    const axes = shape.length === 4 ? preset.kernelAxes : [0];
    const expected = axes.map((_, axis) => shape[axes.indexOf(axis)]);
    if (!tensor) faults.push(`${name} is missing`);
    else if (tensor.shape.join() !== expected.join()) {
      faults.push(`${name} is ${tensor.shape.join('×') || 'a scalar'}, not ${expected.join('×')}`);
    } else if (!allFinite(tensor.data)) faults.push(`${name} has values that are not finite`);
    else if (target.endsWith('/moving_variance') && tensor.data.some((value) => value < 0)) {
      faults.push(`${name}, a variance, has values below 0`);
    } else weights.set(target, { shape, values: transpose(tensor, axes) });
  }
  for (const name of given.keys()) {
    if (!preset.ignored.some((pattern) => pattern.test(name))) faults.push(`${name} belongs to no layer`);
  }
  if (faults.length === 0) return weights;
  const rest = faults.length - MOST_FAULTS;
  const list = [...faults.slice(0, MOST_FAULTS), ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ');
  throw new ModelError(
    `The tensors of ${where} do not fit the network: ${list}.`,
    'Choose the preset of the system that wrote it, or check “network” in its description or in --config.',
  );
}

/** Name in the checkpoint, name and shape in the layers model, of every tensor of the network. */
function wantedTensors({ tensors }: Pick<Preset, 'tensors'>, network: NetworkDescription) {
  const depth = network.encoderFilters.length;
  const layers = new Map(planLayers(network).map((layer) => [layer.name, layer]));
  return Array.from(weightShapes(network), ([target, shape]) => {
    const [, layer, part] = /^([a-z]+_\d+)_(.*)$/.exec(target)!;
    const { part: side, index } = layers.get(layer)!;
    return { source: tensors[side][PARTS[part]](index, depth), target, shape };
  });
}

export function allFinite(values: Float32Array): boolean {
  // The sum of the numbers times 0 is 0, unless one is infinite or none: faster than asking each.
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * 0;
  return sum === 0;
}

/** Axis `n` of the result is axis `axes[n]` of the tensor. */
function transpose({ shape, data }: NamedTensor, axes: readonly number[]): Float32Array<ArrayBuffer> {
  if (axes.every((axis, n) => axis === n)) return Float32Array.from(data);
  const places = [...new Array<number>(4 - axes.length).fill(-1), ...axes];
  const [s0, s1, s2, s3] = places.map((axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1));
  const [d0, d1, d2, d3] = places.map((axis) => shape[axis] ?? 1);
  const moved = new Float32Array(data.length);
  let to = 0;
  for (let a = 0; a < d0; a++) {
    for (let b = 0; b < d1; b++) {
      for (let c = 0; c < d2; c++) {
        const from = a * s0 + b * s1 + c * s2;
        for (let d = 0; d < d3; d++) moved[to++] = data[from + d * s3];
      }
    }
  }
  return moved;
}
