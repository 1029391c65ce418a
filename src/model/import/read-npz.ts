import { ModelError } from '../../core/errors.ts';
import { MAX_NPY_HEADER_BYTES, readNpyData, readNpyHeader } from './read-npy.ts';
import type { NamedTensor } from './types.ts';
import { peekEntry, READ_LIMITS, type ReadLimits, unpackEntry, zipEntries } from './zip.ts';

/**
 * Reads an .npz file, a zip of .npy files, as NumPy's savez and Chainer's save_npz write it, packed or not. Numbers of
 * half, single and double precision, in C or Fortran order; integers too, which are counters.
 *
 * @returns the tensors under their names in the zip without “.npy”, e.g. `conv1/W`
 * @throws ModelError when the file is damaged, holds anything else, or unfolds to more than the limits
 */
export function readNpz(
  bytes: Uint8Array,
  where = 'The file',
  limits: ReadLimits = READ_LIMITS,
): readonly NamedTensor[] {
  let total = 0;
  return zipEntries(bytes, where, limits).map((entry) => {
    if (!entry.name.endsWith('.npy')) {
      throw new ModelError('checkpoint.npz-entry', { where, entry: entry.name });
    }
    const path = `“${entry.name}” in ${where}`;
    const header = readNpyHeader(peekEntry(entry, MAX_NPY_HEADER_BYTES, where), path);
    // In memory every number takes four bytes, packed twice as many at most.
    total += Math.max(header.totalBytes, header.length * 4);
    if (total > limits.bytes) {
      throw new ModelError('checkpoint.too-large', { where, bytes: limits.bytes });
    }
    const data = readNpyData(unpackEntry(entry, header.totalBytes, where), header, path);
    return { name: entry.name.slice(0, -'.npy'.length), shape: header.shape, data };
  });
}
