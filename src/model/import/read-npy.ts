import { ModelError } from '../../core/errors.ts';
import { elementCount, fortranStrides, toRowMajor } from '../tensor-layout.ts';
import { decodeNumbers, NUMBER_TYPES, type NumberType } from './number-types.ts';

/** The header of a .npy file. */
export interface NpyHeader {
  readonly shape: readonly number[];
  readonly length: number;
  readonly type: NumberType;
  /** Whether the first index runs fastest (Fortran order). */
  readonly fortran: boolean;
  /** Bytes before the numbers, and bytes of the whole file. */
  readonly dataStart: number;
  readonly totalBytes: number;
}

/** The longest header in bytes. NumPy writes 128 and rejects more than 10 000. */
export const MAX_NPY_HEADER_BYTES = 10_000;
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/**
 * Reads the header of a .npy file, version 1 to 3: magic, version, length, a Python dictionary. Format:
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 *
 * @param head the file, or its first MAX_NPY_HEADER_BYTES
 * @throws ModelError when it is not a .npy file, or its number type is not supported
 */
export function readNpyHeader(head: Uint8Array, where: string): NpyHeader {
  const fail = (what: string) => npyError(where, what);
  if (!MAGIC.every((byte, n) => head[n] === byte)) throw fail('it does not begin as one');
  const version = head[6];
  if (!(version >= 1 && version <= 3)) throw fail(`its version is ${version}`);
  const start = version === 1 ? 10 : 12;
  if (head.length < start) throw fail('it is cut short');
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const dataStart = start + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (dataStart > MAX_NPY_HEADER_BYTES) throw fail(`its header has ${dataStart} bytes`);
  if (dataStart > head.length) throw fail('it is cut short');
  const text = new TextDecoder().decode(head.subarray(start, dataStart));

  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  // Python 2 wrote (16L, 1L).
  const sides = /'shape'\s*:\s*\(([\d\sL,]*)\)/.exec(text)?.[1];
  if (descr === undefined || order === undefined || sides === undefined) throw fail('its header is damaged');
  const type = NUMBER_TYPES.get(descr);
  if (!type) throw fail(`its numbers are of the type “${descr}”, not f2, f4 or f8, little-endian`);
  const shape = Array.from(sides.matchAll(/\d+/g), ([digits]) => Number(digits));
  const length = elementCount(shape);
  if (shape.length > 32 || !Number.isSafeInteger(length)) throw fail(`its shape is ${shape.join('×')}`);
  const totalBytes = dataStart + length * type.width;
  return { shape, length, type, fortran: order === 'True', dataStart, totalBytes };
}

/** The numbers of a .npy file, row-major. @throws ModelError when the file's length does not match its header */
export function readNpyData(file: Uint8Array, header: NpyHeader, where: string): Float32Array {
  if (file.length !== header.totalBytes) throw npyError(where, `it has ${file.length} bytes, not ${header.totalBytes}`);
  const values = decodeNumbers(file.subarray(header.dataStart), header.type);
  return header.fortran ? toRowMajor(values, header.shape, fortranStrides(header.shape)) : values;
}

function npyError(where: string, what: string): ModelError {
  return new ModelError('checkpoint.npy', { where, what });
}
