import { type BufferReader, Parser } from 'pickleparser';

/** Bytes, or a text too long to be a name: a view of the pickle, not a copy. */
export interface Raw {
  readonly kind: 'raw';
  readonly bytes: Uint8Array;
  /** Whether it is UTF-8 (Python 3's texts). Otherwise each byte is one character. */
  readonly utf8: boolean;
}

/**
 * Creates the pickle's objects. Each method is called where Python would run code, and returns a value for the stack.
 * All other values are plain containers, numbers and texts.
 */
export interface PickleFactory {
  /** A class or a function, named by module and name: “collections.OrderedDict”. */
  global(name: string): unknown;
  /** The result of calling a function or a class. */
  call(callee: unknown, args: unknown): unknown;
  /** A new object of a class, before its state is set. */
  create(type: unknown, args: unknown): unknown;
  /** Sets the state of an object, and returns the object. */
  build(made: unknown, state: unknown): unknown;
  /** An object outside the pickle: PyTorch's storages. */
  persistent(id: unknown): unknown;
}

/** Uses up steps of a file's budget. @throws ModelError when too few are left */
export type Spend = (steps: number) => void;

/** The input of pickleparser, usually its BufferReader. */
type Reader = Parameters<Parser['read']>[0];

/** The longest name in bytes. Longer texts are not decoded. */
const MAX_NAME_BYTES = 1024;
const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });
const REDUCE = 0x52;
const BUILD = 0x62;
const PERSISTENT = 0x51;
const LONG1 = 0x8a;
/** Make a tuple of the last one, two or three values. */
const TUPLES = [0x85, 0x86, 0x87];

/** Opcodes that would run code, and the number of values that they take. */
const CALLS: ReadonlyMap<number, number> = new Map([
  [REDUCE, 2],
  [0x81, 2], // NEWOBJ
  [0x92, 3], // NEWOBJ_EX
  [BUILD, 2],
  [PERSISTENT, 1],
]);

/**
 * The other opcodes of protocols 2 to 5, without extensions, integers of more than 255 bytes, and data in other files.
 * Opcodes of protocol 0 are not supported. All opcodes are in
 * https://github.com/python/cpython/blob/main/Lib/pickletools.py
 */
const PLAIN: ReadonlySet<number> = new Set([
  ...Array.from('()}]012.NGJKMTUXBCachejqrstu', (letter) => letter.charCodeAt(0)),
  ...[0x80, ...TUPLES, 0x88, 0x89, LONG1, 0x8c, 0x8d, 0x8e, 0x8f, 0x90, 0x91, 0x93, 0x94, 0x95, 0x96],
]);

/** Replaces integers of more than 48 bits and negative ones of that length: an integer too large for any size. */
const FAR_INTEGER = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f);

/**
 * Reads one pickle with pickleparser, restricted to what a checkpoint needs.
 *
 * The library alone would call any function on its stack, write attributes into any object, and move backwards for a
 * negative length. So it reads a changed stream of opcodes: an opcode that would run code is replaced by two, which put
 * its values in a tuple and ask for the tuple's persistent object. `factory` creates that object.
 *
 * @param from positioned at the pickle's beginning; afterwards at its end
 * @param spend called with 1 for each opcode
 * @throws whatever `factory` and `spend` throw, and errors of many kinds when the pickle is damaged
 */
export function unpickle(from: BufferReader, factory: PickleFactory, spend: Spend): unknown {
  let opcode = 0;
  /** The next byte is an opcode, not an argument. */
  let atOpcode = false;
  /** The tuple is on the stack; the opcode for its persistent object comes next. */
  let turned = false;

  const checkLength = (length: number) => {
    if (length >= 0 && length <= from.length - from.position) return length;
    throw new Error(`There are no ${length} bytes left.`);
  };
  const raw = (length: number, utf8: boolean): Raw => {
    return { kind: 'raw', bytes: from.bytes(checkLength(length)) as Uint8Array, utf8 };
  };
  const reader: Reader = {
    hasNext: () => {
      atOpcode = true;
      return turned || from.hasNext();
    },
    byte: () => {
      if (!atOpcode) return from.byte();
      atOpcode = false;
      if (turned) {
        turned = false;
        return PERSISTENT;
      }
      opcode = from.byte();
      spend(1);
      const taken = CALLS.get(opcode);
      if (taken === undefined && !PLAIN.has(opcode)) throw new Error(`Opcode ${opcode} is not read.`);
      turned = taken !== undefined;
      return taken === undefined ? opcode : TUPLES[taken - 1];
    },
    bytes: (length) => {
      if (opcode !== LONG1) return raw(length, false) as unknown as Uint8Array;
      const digits = from.bytes(checkLength(length)) as Uint8Array;
      return digits.length > 6 || digits.at(-1)! > 0x7f ? FAR_INTEGER : digits;
    },
    string: (size, encoding) => {
      const text = raw(size, encoding === 'utf-8');
      return size <= MAX_NAME_BYTES ? decode(text) : (text as unknown as string);
    },
    line: () => from.line(),
    skip: (length) => from.skip(checkLength(length)),
    uint16: () => from.uint16(),
    int32: () => from.int32(),
    uint32: () => from.uint32(),
    // Replaces the library's method, which logs to the console for absurd lengths.
    uint64: () => from.uint32() + 2 ** 32 * from.uint32(),
    float64: () => from.float64(),
  };

  const answer = (parts: readonly unknown[]): unknown => {
    switch (opcode) {
      case REDUCE:
        return factory.call(parts[0], parts[1]);
      case BUILD:
        return factory.build(parts[0], parts[1]);
      case PERSISTENT:
        return factory.persistent(parts[0]);
      default:
        return factory.create(parts[0], parts[1]);
    }
  };
  const parser = new Parser({
    nameResolver: {
      resolve: (module: unknown, name: unknown) => {
        if (typeof module !== 'string' || typeof name !== 'string') throw new Error('A name is no text.');
        if (module.length + name.length > MAX_NAME_BYTES) throw new Error('A name is too long.');
        return factory.global(`${module}.${name}`) as () => unknown;
      },
    },
    persistentResolver: { resolve: (parts: unknown) => answer(parts as readonly unknown[]) },
    unpicklingTypeOfDictionary: 'Map',
  });
  return parser.read(reader);
}

function decode({ bytes, utf8 }: Raw): string {
  return utf8 ? UTF8.decode(bytes) : String.fromCharCode(...bytes);
}
