import { decodeFloat16 } from '../weights.ts';

/** How numbers of a kind lie in a file, and how they become singles. */
export interface NumberType {
  /** Bytes of one. */
  readonly width: number;
  readonly decode: (buffer: ArrayBuffer) => Float32Array;
}

const fromNumbers = (values: ArrayLike<number>) => Float32Array.from(values);
const fromBigInts = (values: BigInt64Array | BigUint64Array) => Float32Array.from(values, Number);

/** By NumPy's name: byte order, kind, width. Integers are counters, such as Chainer's `norm1/N`. */
export const NUMBER_TYPES: ReadonlyMap<string, NumberType> = new Map<string, NumberType>([
  ['<f2', { width: 2, decode: (buffer) => decodeFloat16(new Uint16Array(buffer)) }],
  ['<f4', { width: 4, decode: (buffer) => new Float32Array(buffer) }],
  ['<f8', { width: 8, decode: (buffer) => fromNumbers(new Float64Array(buffer)) }],
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

/** Of PyTorch; NumPy lacks it. */
export const BFLOAT16: NumberType = { width: 2, decode: (buffer) => decodeBfloat16(new Uint16Array(buffer)) };

/** The upper half of a single. */
export function decodeBfloat16(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i] << 16;
  return new Float32Array(bits.buffer);
}
