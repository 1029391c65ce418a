import { ModelError } from '../../core/errors.ts';
import { isPickled, type PickledArray, type StoredTensor } from './pickled-objects.ts';
import { torchError } from './torch-file.ts';
import type { Spend } from './unpickle.ts';

/** A tensor or an array of a checkpoint. */
export interface FoundTensor {
  /** The keys that lead to it, joined by dots. */
  readonly name: string;
  readonly value: StoredTensor | PickledArray;
}

/** Levels of nested dictionaries and lists. */
const MAX_DEPTH = 32;
/** Keys under which training scripts store the network's tensors, beside optimisers, averages and random states. */
const NETWORK_KEYS = ['state_dict', 'model_state_dict', 'model_state', 'model', 'network', 'net', 'params', 'weights'];

/**
 * Finds the tensors and arrays in a checkpoint's dictionaries and lists, in their order. In a training checkpoint it
 * finds only the network's tensors: if one of the usual keys leads to tensors, it skips the other keys. It always skips
 * optimisers.
 *
 * @param root the unpickled checkpoint
 * @throws ModelError when there are no tensors, more than `maxTensors`, or two with the same name
 */
export function findTensors(root: unknown, maxTensors: number, where: string, spend: Spend): readonly FoundTensor[] {
  const found = new Map<string, FoundTensor>();
  let other: string | undefined;
  const collect = (value: unknown, name: string, depth: number): void => {
    spend(1);
    if (depth > MAX_DEPTH) throw torchError(where, 'it nests too deep');
    if (isPickled(value, 'tensor') || isPickled(value, 'array')) {
      if (found.has(name)) throw torchError(where, `two tensors are called “${name}”`);
      found.set(name, { name, value });
      if (found.size > maxTensors) throw torchError(where, `it holds more than ${maxTensors} tensors`);
    } else if (isPickled(value, 'opaque') || isPickled(value, 'global')) {
      other ??= value.name;
    } else if ((value instanceof Map && !isOptimiser(value)) || Array.isArray(value)) {
      for (const [key, inner] of value.entries()) {
        if (typeof key !== 'string' && typeof key !== 'number') continue;
        collect(inner, name === '' ? `${key}` : `${name}.${key}`, depth + 1);
      }
    }
  };
  for (const key of NETWORK_KEYS) {
    if (root instanceof Map && root.get(key) instanceof Map) collect(root.get(key), key, 1);
    if (found.size > 0) return [...found.values()];
  }
  collect(root, '', 0);
  if (found.size > 0) return [...found.values()];
  if (other === undefined) throw torchError(where, 'it holds no tensors');
  throw new ModelError('checkpoint.object', { where, name: other });
}

/** Every optimiser of PyTorch has these two keys. */
function isOptimiser(value: ReadonlyMap<unknown, unknown>): boolean {
  return value.has('state') && value.has('param_groups');
}
