import { text, zipOf } from './files.ts';

/** Opcodes of Python's pickle protocol 2, with their arguments. */
export type Opcodes = readonly number[];

const letter = (op: string) => op.charCodeAt(0);
const le32 = (value: number) => [...new Uint8Array(new Uint32Array([value]).buffer)];

export const NONE: Opcodes = [letter('N')];
export const EMPTY_LIST: Opcodes = [letter(']')];
export const EMPTY_DICT: Opcodes = [letter('}')];
export const EMPTY_TUPLE: Opcodes = [letter(')')];
export const POP: Opcodes = [letter('0')];
export const BUILD: Opcodes = [letter('b')];
export const REDUCE: Opcodes = [letter('R')];
export const NEWOBJ: Opcodes = [0x81];
export const APPEND: Opcodes = [letter('a')];
export const put = (place: number): Opcodes => [letter('q'), place];
export const get = (place: number): Opcodes => [letter('h'), place];
export const int = (value: number): Opcodes => [letter('J'), ...le32(value)];
export const float = (value: number): Opcodes => [
  letter('G'),
  ...[...new Uint8Array(new Float64Array([value]).buffer)].reverse(),
];
export const str = (value: string): Opcodes => [letter('X'), ...le32(text(value).length), ...text(value)];
export const bytes = (value: Uint8Array): Opcodes => [letter('B'), ...le32(value.length), ...value];
export const global = (module: string, name: string): Opcodes => [letter('c'), ...text(`${module}\n${name}\n`)];
export const tuple = (...items: Opcodes[]): Opcodes => [letter('('), ...items.flat(), letter('t')];
export const list = (...items: Opcodes[]): Opcodes => [letter(']'), letter('('), ...items.flat(), letter('e')];
export const dict = (...pairs: (readonly [Opcodes, Opcodes])[]): Opcodes => [
  letter('}'),
  letter('('),
  ...pairs.flat(2),
  letter('u'),
];
export const call = (callee: Opcodes, ...args: Opcodes[]): Opcodes => [...callee, ...tuple(...args), ...REDUCE];

export const storage = (key: string, type = 'FloatStorage'): Opcodes => [
  ...tuple(str('storage'), global('torch', type), str(key), str('cpu'), int(1)),
  letter('Q'),
];

/** A tensor, by default of storage “0”. */
export function tensor(
  shape: readonly number[],
  strides: readonly number[],
  { offset = int(0), from = storage('0') }: { offset?: Opcodes; from?: Opcodes } = {},
): Opcodes {
  const numbers = (values: readonly number[]) => tuple(...values.map(int));
  const rebuild = global('torch._utils', '_rebuild_tensor_v2');
  return call(rebuild, from, offset, numbers(shape), numbers(strides), NONE, NONE);
}

/** A NumPy array in protocol 3. */
export function array(shape: readonly number[], code: string, order: string, content: Opcodes): Opcodes {
  const dtype = [
    ...call(global('numpy', 'dtype'), str(code)),
    ...tuple(int(3), str(order), NONE, NONE, NONE, int(-1), int(-1), int(0)),
    ...BUILD,
  ];
  return [
    ...call(
      global('numpy.core.multiarray', '_reconstruct'),
      global('numpy', 'ndarray'),
      tuple(int(0)),
      bytes(text('b')),
    ),
    ...tuple(int(1), tuple(...shape.map(int)), dtype, NONE, content),
    ...BUILD,
  ];
}

/** A file of torch.save with this pickle, and the numbers 0 to 11 as its storage “0”. */
export function torchZip(pickle: Opcodes | Uint8Array, more: Readonly<Record<string, Uint8Array>> = {}): Uint8Array {
  const numbers = new Uint8Array(Float32Array.from({ length: 12 }, (_, n) => n).buffer);
  const whole = pickle instanceof Uint8Array ? pickle : Uint8Array.from([0x80, 2, ...pickle, letter('.')]);
  return zipOf({ 'a/data.pkl': whole, 'a/data/0': numbers, 'a/version': text('3\n'), ...more });
}
