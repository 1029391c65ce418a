import { transfer } from 'comlink';

/** An answer of a worker whose arrays are transferred, not copied. */
export function transferArrays<T extends object>(value: T, ...arrays: readonly ArrayBufferView[]): T {
  return transfer(value, [...new Set(arrays.map((array) => array.buffer as ArrayBuffer))]);
}
