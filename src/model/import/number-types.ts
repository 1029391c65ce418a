import { decodeFloat16 } from '../weights.ts';

/** A type of numbers in a file, and how they become float32. */
export interface NumberType {
  /** Bytes of one number. */
  readonly width: number;
  readonly decode: (buffer: ArrayBuffer) => Float32Array;
}

/** A type of numbers that a reader skips. */
export interface SkippedType {
  /** Bytes of one number. */
  readonly width: number;
}

export function isRead(type: NumberType | SkippedType): type is NumberType {
  return 'decode' in type;
}

/** Decodes the numbers in some bytes, which may begin anywhere in their buffer. All types are little-endian. */
export function decodeNumbers(bytes: Uint8Array, { decode }: NumberType): Float32Array {
  // A copy, because typed arrays must begin at a multiple of the width. Buffer.slice would not copy.
  return decode(Uint8Array.from(bytes).buffer);
}

const fromNumbers = (values: ArrayLike<number>) => Float32Array.from(values);
const fromBigInts = (values: BigInt64Array | BigUint64Array) => Float32Array.from(values, Number);

export const FLOAT16: NumberType = { width: 2, decode: (buffer) => decodeFloat16(new Uint16Array(buffer)) };
export const FLOAT32: NumberType = { width: 4, decode: (buffer) => new Float32Array(buffer) };
export const FLOAT64: NumberType = { width: 8, decode: (buffer) => fromNumbers(new Float64Array(buffer)) };
/** PyTorch's bfloat16: the upper half of a float32. */
export const BFLOAT16: NumberType = { width: 2, decode: (buffer) => decodeBfloat16(new Uint16Array(buffer)) };

/** By NumPy's name: byte order, kind, width. Integers are counters, such as Chainer's `norm1/N`. */
export const NUMBER_TYPES: ReadonlyMap<string, NumberType> = new Map<string, NumberType>([
  ['<f2', FLOAT16],
  ['<f4', FLOAT32],
  ['<f8', FLOAT64],
  ['|b1', { width: 1, decode: (buffer) => fromNumbers(new Uint8Array(buffer)) }],
  ['|i1', { width: 1, decode: (buffer) => fromNumbers(new Int8Array(buffer)) }],
  ['|u1', { width: 1, decode: (buffer) => fromNumbers(new Uint8Array(buffer)) }],
  ['<i2', { width: 2, decode: (buffer) => fromNumbers(new Int16Array(buffer)) }],
  ['<u2', { width: 2, decode: (buffer) => fromNumbers(new Uint16Array(buffer)) }],
  ['<i4', { width: 4, decode: (buffer) => fromNumbers(new Int32Array(buffer)) }],
  ['<u4', { width: 4, decode: (buffer) => fromNumbers(new Uint32Array(buffer)) }],
  ['<i8', { width: 8, decode: (buffer) => fromBigInts(new BigInt64Array(buffer)) }],
  ['<u8', { width: 8, decode: (buffer) => fromBigInts(new BigUint64Array(buffer)) }],
]);

function decodeBfloat16(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i] << 16;
  return new Float32Array(bits.buffer);
}
