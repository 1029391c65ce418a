import { refuseFunction, refuseSystem } from './pickle-blocklist.ts';
import type { PickleFactory, Raw, Spend } from './unpickle.ts';

/** The name of a Python class or function. */
interface Global {
  readonly kind: 'global';
  readonly name: string;
}

/** Numbers that are stored outside the pickle. */
export interface Storage {
  readonly kind: 'storage';
  readonly key: string;
  /** The class of the storage; see torchType. */
  readonly type: string;
}

/** PyTorch's tensor: a view of a storage. Offset, shape and strides are unchecked. */
export interface StoredTensor {
  readonly kind: 'tensor';
  readonly storage: Storage;
  readonly type: string;
  readonly offset: unknown;
  readonly shape: unknown;
  readonly strides: unknown;
}

/** A NumPy type: “f4”, and its byte order, which the pickle sets later. */
interface DType {
  readonly kind: 'dtype';
  readonly code: unknown;
  order: unknown;
}

/** A NumPy array. The pickle sets its state later, unchecked: version, shape, type, whether in Fortran order, bytes. */
export interface PickledArray {
  readonly kind: 'array';
  state: unknown;
}

/** An object of any other class. It keeps only the class name, and ignores the items that are added to it. */
export interface Opaque {
  readonly kind: 'opaque';
  readonly name: string;
  readonly set: () => void;
  readonly push: () => void;
}

type PickledObject = Global | Storage | StoredTensor | DType | PickledArray | Opaque | Raw;

/** Whether a value of the pickle is an object of this kind. Containers have no `kind`, whatever their contents. */
export function isPickled<K extends PickledObject['kind']>(
  value: unknown,
  kind: K,
): value is Extract<PickledObject, { kind: K }> {
  return typeof value === 'object' && value !== null && (value as Partial<PickledObject>).kind === kind;
}

export interface TorchFactory extends PickleFactory {
  /** The storages requested so far, by key. */
  readonly storages: ReadonlyMap<string, Storage>;
}

/**
 * Creates the objects of PyTorch checkpoints: dictionaries, lists, tensors and arrays. Other classes give an opaque
 * object, other functions a ModelError.
 *
 * @param maxBytes limit for arrays whose bytes the pickle stores as text
 */
export function torchFactory(where: string, maxBytes: number, spend: Spend): TorchFactory {
  const storages = new Map<string, Storage>();
  let bytesLeft = maxBytes;

  const opaque = (name: string): Opaque => ({ kind: 'opaque', name, set: () => {}, push: () => {} });

  const dictionary = ([content]: readonly unknown[]): Map<unknown, unknown> => {
    if (content instanceof Map) spend(content.size);
    else if (Array.isArray(content)) spend(content.length);
    else return new Map();
    return new Map(content as Iterable<[unknown, unknown]>);
  };
  const tensor = ([storage, offset, shape, strides, , , dtype]: readonly unknown[]): StoredTensor => {
    if (!isPickled(storage, 'storage')) throw new Error('A tensor has no storage.');
    const type = isPickled(dtype, 'global') ? dtype.name : storage.type;
    return { kind: 'tensor', storage, type, offset, shape, strides };
  };
  // Python 3 writes bytes as text in protocol 2, which has no bytes.
  const encode = ([text, encoding]: readonly unknown[]): Raw => {
    if (encoding !== 'latin1') throw new Error('Bytes have another encoding than Latin-1.');
    bytesLeft -= typeof text === 'string' ? text.length : isPickled(text, 'raw') ? text.bytes.length : 0;
    if (bytesLeft < 0) throw new Error('There are too many bytes.');
    const bytes = latin1(text);
    if (!bytes) throw new Error('A text has a character that is no byte.');
    return { kind: 'raw', bytes, utf8: false };
  };
  const array = (): PickledArray => ({ kind: 'array', state: undefined });
  const fromBuffer = ([bytes, dtype, shape, order]: readonly unknown[]): PickledArray => {
    return { kind: 'array', state: [1, shape, dtype, order === 'F', bytes] };
  };
  const first = ([value]: readonly unknown[]) => value;

  const calls: ReadonlyMap<string, (args: readonly unknown[]) => unknown> = new Map([
    ['collections.OrderedDict', dictionary],
    ['collections.defaultdict', () => new Map()],
    ['builtins.dict', dictionary],
    ['__builtin__.dict', dictionary],
    // Called without arguments, for empty bytes.
    ['builtins.bytes', () => ''],
    ['__builtin__.bytes', () => ''],
    ['torch.Size', first],
    ['torch._utils._rebuild_tensor', (args) => tensor(args.slice(0, 4))],
    ['torch._utils._rebuild_tensor_v2', (args) => tensor(args.slice(0, 4))],
    ['torch._utils._rebuild_tensor_v3', tensor],
    ['torch._utils._rebuild_parameter', first],
    ['torch._utils._rebuild_parameter_with_state', first],
    ['torch._tensor._rebuild_from_type_v2', ([callee, , args]) => call(callee, args)],
    ['numpy.dtype', ([code]): DType => ({ kind: 'dtype', code, order: undefined })],
    ['_codecs.encode', encode],
    ...['numpy.core', 'numpy._core'].flatMap((core) => [
      [`${core}.multiarray._reconstruct`, array] as const,
      [`${core}.numeric._frombuffer`, fromBuffer] as const,
    ]),
  ]);

  const call = (callee: unknown, args: unknown): unknown => {
    if (!isPickled(callee, 'global') || !Array.isArray(args)) throw new Error('What is called is no name.');
    const known = calls.get(callee.name);
    if (known) return known(args);
    refuseFunction(callee.name, where);
    return opaque(callee.name);
  };

  return {
    storages,
    call,
    global: (name): Global => {
      refuseSystem(name, where);
      return { kind: 'global', name };
    },
    create: (type, args) => {
      if (!isPickled(type, 'global') || !Array.isArray(args)) throw new Error('A class is no name.');
      return calls.get(type.name)?.(args) ?? opaque(type.name);
    },
    build: (made, state) => {
      if (isPickled(made, 'array')) made.state = state;
      else if (isPickled(made, 'dtype') && Array.isArray(state)) made.order = state[1];
      return made;
    },
    persistent: (id) => {
      if (!Array.isArray(id)) throw new Error('A persistent id is no tuple.');
      const [what, type, key, , , view] = id as readonly unknown[];
      // A class and its source text.
      if (what === 'module') return type;
      if (what !== 'storage' || !isPickled(type, 'global') || typeof key !== 'string' || (view ?? null) !== null) {
        throw new Error('A persistent id is no storage.');
      }
      const storage = storages.get(key) ?? { kind: 'storage', key, type: type.name };
      storages.set(key, storage);
      return storage;
    },
  };
}

/** Encodes text in Latin-1; returns bytes unchanged. Undefined for other values, or characters above U+00FF. */
export function latin1(text: unknown): Uint8Array | undefined {
  if (typeof text === 'string') {
    const codes = Array.from(text, (character) => character.charCodeAt(0));
    return codes.every((code) => code <= 0xff) ? Uint8Array.from(codes) : undefined;
  }
  if (!isPickled(text, 'raw')) return undefined;
  if (!text.utf8) return text.bytes;
  const { bytes } = text;
  // UTF-8 has at least as many bytes as Latin-1; the array is cut to size below.
  const out = new Uint8Array(bytes.length);
  let to = 0;
  for (let from = 0; from < bytes.length; from++) {
    const byte = bytes[from];
    // Above 127, the first byte holds the two upper bits and the second the six lower bits.
    if (byte < 0x80) out[to++] = byte;
    else if (byte === 0xc2 || byte === 0xc3) out[to++] = ((byte & 3) << 6) | (bytes[++from] & 0x3f);
    else return undefined;
  }
  return out.slice(0, to);
}
