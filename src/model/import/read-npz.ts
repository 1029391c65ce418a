import { ModelError } from '../../core/errors.ts';
import { MAX_NPY_HEADER_BYTES, readNpyData, readNpyHeader } from './read-npy.ts';
import type { NamedTensor } from './types.ts';
import { peekEntry, READ_LIMITS, type ReadLimits, unpackEntry, zipEntries } from './zip.ts';

/**
 * Reads an .npz file, a zip of .npy files, as NumPy's savez and Chainer's save_npz write it, compressed or not. Reads
 * numbers of half, single and double precision in C or Fortran order, and integers, which are counters.
 *
 * @returns the tensors under their names in the zip without “.npy”, e.g. `conv1/W`
 * @throws ModelError when the file is damaged, holds other files, or unpacks to more than the limits
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
    // A number takes four bytes in memory, and up to eight in the file.
    total += Math.max(header.totalBytes, header.length * 4);
    if (total > limits.bytes) {
      throw new ModelError('checkpoint.too-large', { where, bytes: limits.bytes });
    }
    const data = readNpyData(unpackEntry(entry, header.totalBytes, where), header, path);
    return { name: entry.name.slice(0, -'.npy'.length), shape: header.shape, data };
  });
}
