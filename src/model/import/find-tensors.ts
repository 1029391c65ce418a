import { ModelError } from '../../core/errors.ts';
import { isPickled, type PickledArray, type StoredTensor } from './pickled-objects.ts';
import { torchError } from './torch-file.ts';
import type { Spend } from './unpickle.ts';

/** A tensor or an array of a checkpoint, and the keys that lead to it. */
export interface FoundTensor {
  readonly name: string;
  readonly value: StoredTensor | PickledArray;
}

/** Dictionaries and lists within each other. */
const MAX_DEPTH = 32;
/** Where training scripts keep the network's tensors, beside an optimiser's, averages and random states. */
const NETWORK_KEYS = ['state_dict', 'model_state_dict', 'model_state', 'model', 'network', 'net', 'params', 'weights'];

/**
 * Every tensor and array in a checkpoint's dictionaries and lists, in their order. Of a training's checkpoint it is those
 * of the network: where one of the usual keys leads to any, the others are passed over; optimisers always are.
 *
 * @param root what the pickle holds
 * @param most tensors that it may have
 * @throws ModelError when there are more, none, or two of one name
 */
export function findTensors(root: unknown, most: number, where: string, spend: Spend): readonly FoundTensor[] {
  const found = new Map<string, FoundTensor>();
  let other: string | undefined;
  const look = (value: unknown, name: string, depth: number): void => {
    spend(1);
    if (depth > MAX_DEPTH) throw torchError(where, 'it nests too deep');
    if (isPickled(value, 'tensor') || isPickled(value, 'array')) {
      if (found.has(name)) throw torchError(where, `two tensors are called “${name}”`);
      found.set(name, { name, value });
      if (found.size > most) throw torchError(where, `it holds more than ${most} tensors`);
    } else if (isPickled(value, 'opaque') || isPickled(value, 'global')) {
      other ??= value.name;
    } else if ((value instanceof Map && !isOptimiser(value)) || Array.isArray(value)) {
      for (const [key, inner] of value.entries()) {
        if (typeof key !== 'string' && typeof key !== 'number') continue;
        look(inner, name === '' ? `${key}` : `${name}.${key}`, depth + 1);
      }
    }
  };
  for (const key of NETWORK_KEYS) {
    if (root instanceof Map && root.get(key) instanceof Map) look(root.get(key), key, 1);
    if (found.size > 0) return [...found.values()];
  }
  look(root, '', 0);
  if (found.size > 0) return [...found.values()];
  if (other === undefined) throw torchError(where, 'it holds no tensors');
  throw new ModelError('checkpoint.object', { where, name: other });
}

/** Every optimiser of PyTorch has these two. */
function isOptimiser(value: ReadonlyMap<unknown, unknown>): boolean {
  return value.has('state') && value.has('param_groups');
}
