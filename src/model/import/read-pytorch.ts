import { ModelError } from '../../core/errors.ts';
import { type FoundTensor, findTensors } from './find-tensors.ts';
import { arrayBytes, readView, type TensorView, viewBytes, viewOf } from './tensor-view.ts';
import { openTorch, torchError } from './torch-file.ts';
import type { NamedFile, NamedTensor } from './types.ts';
import type { Spend } from './unpickle.ts';
import { READ_LIMITS, type ReadLimits } from './zip.ts';

/** The most pickle steps for each allowed tensor. A state dict takes about 30, with an optimiser 100. */
const MAX_STEPS_PER_TENSOR = 256;

/**
 * Reads a file of torch.save: a state dict, a dictionary of NumPy arrays, or a training checkpoint that contains one.
 * Runs no code of the file. Skips what a network does not need: numbers, texts, optimisers and objects of other
 * classes. Integer tensors are counters, such as num_batches_tracked.
 *
 * @returns the tensors, named by the keys that lead to them, joined by dots: `state_dict.encoder.0.conv.weight`
 * @throws ModelError when the file is damaged, exceeds the limits, holds no tensors, or calls an unknown function
 */
export function readPyTorch(file: NamedFile, limits: ReadLimits = READ_LIMITS): readonly NamedTensor[] {
  const where = file.name;
  let steps = limits.entries * MAX_STEPS_PER_TENSOR;
  const spend: Spend = (count) => {
    steps -= count;
    if (steps < 0) throw torchError(where, 'it holds far more than a network');
  };
  const { root, storage } = openTorch(file, limits, spend);
  const found = findTensors(root, limits.entries, where, spend);

  const fault = (name: string) => (what: string) => torchError(where, `“${name}” ${what}`);
  const views = found.map(({ name, value }) => viewOf(value, fault(name)));
  if (views.reduce((sum, view) => sum + viewBytes(view), 0) > limits.bytes) {
    throw new ModelError('checkpoint.too-large', { where, bytes: limits.bytes });
  }
  const data = readViews(found, views, storage, fault);
  return found.map(({ name }, n) => ({ name, shape: views[n].shape, data: data[n] }));
}

/** Reads the numbers of each tensor. Keeps one storage at a time in memory, however many tensors share it. */
function readViews(
  found: readonly FoundTensor[],
  views: readonly TensorView[],
  storage: (key: string) => Uint8Array,
  fault: (name: string) => (what: string) => Error,
): readonly Float32Array[] {
  const data: Float32Array[] = [];
  const sharers = new Map<string, number[]>();
  for (const [n, { name, value }] of found.entries()) {
    if (value.kind === 'array') {
      data[n] = readView(arrayBytes(value, views[n], fault(name)), views[n], fault(name));
    } else {
      const others = sharers.get(value.storage.key);
      if (others) others.push(n);
      else sharers.set(value.storage.key, [n]);
    }
  }
  for (const [key, tensors] of sharers) {
    const bytes = storage(key);
    for (const n of tensors) data[n] = readView(bytes, views[n], fault(found[n].name));
  }
  return data;
}
