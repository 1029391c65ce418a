import { ModelError } from '../../errors.ts';
import { decodeFloat16 } from '../weights.ts';

/** What stands before the numbers of a .npy file. */
export interface NpyHeader {
  readonly shape: readonly number[];
  readonly length: number;
  readonly type: NumberType;
  /** Whether the first index runs fastest, as in Fortran. */
  readonly fortran: boolean;
  /** Bytes before the numbers, and of the whole file. */
  readonly dataStart: number;
  readonly totalBytes: number;
}

interface NumberType {
  readonly width: number;
  readonly decode: (buffer: ArrayBuffer) => Float32Array;
}

const fromNumbers = (values: ArrayLike<number>) => Float32Array.from(values);
const fromBigInts = (values: BigInt64Array | BigUint64Array) => Float32Array.from(values, Number);

/** By NumPy's name: byte order, kind, width. Integers are counters, such as Chainer's `norm1/N`. */
const TYPES: Readonly<Record<string, NumberType>> = {
  '<f2': { width: 2, decode: (buffer) => decodeFloat16(new Uint16Array(buffer)) },
  '<f4': { width: 4, decode: (buffer) => new Float32Array(buffer) },
  '<f8': { width: 8, decode: (buffer) => fromNumbers(new Float64Array(buffer)) },
  '|b1': { width: 1, decode: (buffer) => fromNumbers(new Uint8Array(buffer)) },
  '|i1': { width: 1, decode: (buffer) => fromNumbers(new Int8Array(buffer)) },
  '|u1': { width: 1, decode: (buffer) => fromNumbers(new Uint8Array(buffer)) },
  '<i2': { width: 2, decode: (buffer) => fromNumbers(new Int16Array(buffer)) },
  '<u2': { width: 2, decode: (buffer) => fromNumbers(new Uint16Array(buffer)) },
  '<i4': { width: 4, decode: (buffer) => fromNumbers(new Int32Array(buffer)) },
  '<u4': { width: 4, decode: (buffer) => fromNumbers(new Uint32Array(buffer)) },
  '<i8': { width: 8, decode: (buffer) => fromBigInts(new BigInt64Array(buffer)) },
  '<u8': { width: 8, decode: (buffer) => fromBigInts(new BigUint64Array(buffer)) },
};

/** Bytes of the longest header read; NumPy's own have 128, and it refuses more than 10 000. */
export const NPY_HEADER_BYTES = 10_000;
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/**
 * Reads the header of a .npy file, version 1 to 3: magic, version, length, a Python dictionary. Format:
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 *
 * @param head the file, or its first NPY_HEADER_BYTES
 * @throws ModelError when it is no such file, or its numbers are of a kind that is not read
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
  if (dataStart > NPY_HEADER_BYTES) throw fail(`its header has ${dataStart} bytes`);
  if (dataStart > head.length) throw fail('it is cut short');
  const text = new TextDecoder().decode(head.subarray(start, dataStart));

  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  // Python 2 wrote (16L, 1L).
  const sides = /'shape'\s*:\s*\(([\d\sL,]*)\)/.exec(text)?.[1];
  if (descr === undefined || order === undefined || sides === undefined) throw fail('its header is damaged');
  const type = TYPES[descr];
  if (!type) throw fail(`its numbers are of the type “${descr}”, not f2, f4 or f8, little-endian`);
  const shape = Array.from(sides.matchAll(/\d+/g), ([digits]) => Number(digits));
  const length = shape.reduce((product, side) => product * side, 1);
  if (shape.length > 32 || !Number.isSafeInteger(length)) throw fail(`its shape is ${shape.join('×')}`);
  const totalBytes = dataStart + length * type.width;
  return { shape, length, type, fortran: order === 'True', dataStart, totalBytes };
}

/** The numbers of a whole .npy file whose header was read, row-major. @throws ModelError when it is not that long */
export function readNpyData(file: Uint8Array, header: NpyHeader, where: string): Float32Array {
  if (file.length !== header.totalBytes) throw npyError(where, `it has ${file.length} bytes, not ${header.totalBytes}`);
  // A copy, because the numbers need not lie on a multiple of their width.
  const data = Uint8Array.from(file.subarray(header.dataStart));
  const values = header.type.decode(data.buffer);
  return header.fortran ? toRowMajor(values, header.shape) : values;
}

function toRowMajor(values: Float32Array, shape: readonly number[]): Float32Array {
  const out = new Float32Array(values.length);
  const index = shape.map(() => 0);
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, side) => product * side, 1));
  for (let to = 0, from = 0; to < out.length; to++) {
    out[to] = values[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return out;
}

function npyError(where: string, what: string): ModelError {
  return new ModelError(`${where} cannot be read as a NumPy array (.npy): ${what}.`, 'Write the checkpoint again.');
}
