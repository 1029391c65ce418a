import { describe, expect, it } from 'vitest';
import { ModelError } from '../../../src/core/errors.ts';
import { readPyTorch } from '../../../src/model/import/read-pytorch.ts';
import type { ReadLimits } from '../../../src/model/import/zip.ts';
import { faultOf, fixtureBytes, text } from './files.ts';
import * as pickle from './pickles.ts';
import {
  array,
  bytes,
  call,
  dict,
  float,
  get,
  global,
  int,
  list,
  put,
  storage,
  str,
  tensor,
  torchZip,
  tuple,
} from './pickles.ts';

const read = (file: Uint8Array, limits?: ReadLimits) => readPyTorch({ name: 'net.pt', bytes: file }, limits);
const faultOfPickle = (content: pickle.Opcodes, limits?: ReadLimits) => faultOf(() => read(torchZip(content), limits));
const weight = (value: pickle.Opcodes) => dict([str('weight'), value]);
const orderedDict = global('collections', 'OrderedDict');

const DAMAGED = /^net\.pt cannot be read as a PyTorch checkpoint: its pickle is damaged\.$/;

describe('readPyTorch', () => {
  it('reads a handmade pickle, like those below', () => {
    const content = dict(
      [str('w'), tensor([2, 3], [1, 4], { offset: int(1) })],
      [str('v'), array([2], 'f4', '<', bytes(new Uint8Array(Float32Array.of(7, 8).buffer)))],
    );
    expect(read(torchZip(content))).toEqual([
      { name: 'w', shape: [2, 3], data: Float32Array.of(1, 5, 9, 2, 6, 10) },
      { name: 'v', shape: [2], data: Float32Array.of(7, 8) },
    ]);
  });

  it('skips objects of other classes, whatever the pickle does with them', () => {
    const settings = [...call(global('argparse', 'Namespace')), ...dict([str('lr'), int(1)]), ...pickle.BUILD];
    const special = [...global('my.package', 'Settings'), ...pickle.EMPTY_TUPLE, ...pickle.NEWOBJ];
    // Written like dictionaries and lists of other classes.
    const filled = [...special, ...str('k'), ...int(1), 0x73, ...int(2), ...pickle.APPEND];
    const content = dict([str('a'), settings], [str('b'), filled], [str('w'), tensor([1], [1])]);
    expect(read(torchZip(content)).map(({ name }) => name)).toEqual(['w']);
  });

  it('treats JavaScript’s names as plain names, and changes nothing else', () => {
    const inner = dict([str('polluted'), tensor([1], [1])]);
    const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];
    const content = dict(...names.map((name) => [str(name), inner] as const));
    expect(read(torchZip(content)).map(({ name }) => name)).toEqual(names.map((name) => `${name}.polluted`));
    const attributes = dict(
      ...[...names, 'length', 'set', 'push', 'kind', '__setstate__'].map((n) => [str(n), inner] as const),
    );
    for (const made of [
      pickle.EMPTY_DICT,
      pickle.EMPTY_LIST,
      call(orderedDict),
      call(global('a', 'B')),
      orderedDict,
      int(1),
    ]) {
      const built = dict([str('w'), tensor([1], [1])], [str('x'), [...made, ...attributes, ...pickle.BUILD]]);
      expect(read(torchZip(built)).map(({ name }) => name)).toEqual(['w']);
    }
    expect(Reflect.ownKeys({})).toEqual([]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe('readPyTorch rejects', () => {
  it.each(['posix.system', 'os.popen', 'subprocess.Popen', 'builtins.eval', '__builtin__.exec', 'builtins.__import__'])(
    '%s, whether called or not',
    async (name) => {
      const [module, last] = name.split('.');
      const refusal = `net.pt is refused: it would make Python run “${name}”.`;
      expect(await faultOfPickle(call(global(module, last), str('touch /tmp/x')))).toBe(refusal);
      expect(await faultOfPickle(dict([str('w'), tensor([1], [1])], [str('x'), global(module, last)]))).toBe(refusal);
      expect(await faultOfPickle([...str(module), ...str(last), 0x93])).toBe(refusal);
    },
  );

  it('an unknown function, with its name and what to do', () => {
    const content = dict([str('w'), tensor([1], [1])], [str('x'), call(global('my.package', 'make'), int(1))]);
    const act = () => read(torchZip(content));
    expect(act).toThrow(ModelError);
    expect(act).toThrow(/an object made by “my\.package\.make”/);
    expect(act).toThrow(expect.objectContaining({ hint: expect.stringMatching(/torch\.save\(model\.state_dict\(\)/) }));
  });

  it.each<[string, pickle.Opcodes]>([
    ['what a function returned, called', call(call(global('a', 'B')), int(1))],
    ['a number, called', call(int(1), int(1))],
    ['arguments that are none', [...orderedDict, ...int(1), ...pickle.REDUCE]],
    ['a name that is no text', [...int(1), ...int(2), 0x93]],
    ['a name of a million letters', global('a', 'B'.repeat(1e6))],
    ['a storage that is none', call(global('torch._utils', '_rebuild_tensor_v2'), int(1))],
    ['a persistent id that is a text', [...str('storage'), 0x51]],
    [
      'a storage with a view',
      [...tuple(str('storage'), global('torch', 'FloatStorage'), str('0'), str(''), int(1), int(1)), 0x51],
    ],
    ['bytes in another encoding', call(global('_codecs', 'encode'), str('x'), str('rot13'))],
    ['bytes of large characters', call(global('_codecs', 'encode'), str('†'), str('latin1'))],
    ['many bytes of large characters', call(global('_codecs', 'encode'), str('†'.repeat(2000)), str('latin1'))],
    ['a key for no dictionary', [...list(), ...str('a'), ...int(1), 0x73]],
    ['an end without a beginning', [0x74]],
    ['a text that is cut short', [0x58, 255, 255, 255, 127]],
    ['a text of 2^63 bytes', [0x8d, 0, 0, 0, 0, 0, 0, 0, 0x80]],
    ['bytes of a length below 0, which lead back', [...pickle.NONE, 0x42, 0xfb, 0xff, 0xff, 0xff]],
    ['a frame that is cut short', [0x95, 9, 0, 0, 0, 0, 0, 0, 0]],
    ['protocol 6', [0x80, 6]],
    ['a class by two lines', [0x28, 0x69, ...text('os\nsystem\n')]],
    ['an object of a class on the stack', [0x28, ...orderedDict, 0x6f]],
    ['a dictionary of protocol 0', [0x28, ...str('__proto__'), ...list(), 0x64]],
    ['an extension', [0x82, 1]],
    ['an integer of 2^31 bytes', [0x8b, 255, 255, 255, 127]],
    ['data of another file', [0x97]],
    ['nothing', [0x30]],
  ])('%s', async (_, content) => {
    expect(await faultOfPickle(content)).toMatch(/its pickle is damaged|holds no tensors/);
  });

  it('a pickle that does not end', async () => {
    const endless = Uint8Array.from([0x80, 2, 0x7d]);
    expect(await faultOf(() => read(torchZip(endless)))).toMatch(DAMAGED);
    expect(await faultOf(() => read(torchZip(new Uint8Array(0))))).toMatch(DAMAGED);
  });

  it.each<[string, pickle.Opcodes, RegExp]>([
    ['strides beyond the storage', tensor([4, 4], [4, 1]), /“weight” reaches beyond its storage/],
    ['an offset beyond it', tensor([1], [1], { offset: int(12) }), /reaches beyond its storage/],
    ['strides of 2^31', tensor([3, 3], [2 ** 31 - 1, 2 ** 31 - 1]), /more than 536870912 bytes/],
    ['strides below 0', tensor([2], [-1]), /“weight” has no sound shape/],
    ['an offset below 0', tensor([1], [1], { offset: int(-1) }), /no sound shape/],
    ['an offset that is no whole number', tensor([1], [1], { offset: float(0.5) }), /no sound shape/],
    ['an offset that is a text', tensor([1], [1], { offset: str('0') }), /no sound shape/],
    ['an offset of 70 bits', tensor([1], [1], { offset: [0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1] }), /no sound shape/],
    ['sides below 0', tensor([-1, -1], [1, 1]), /no sound shape/],
    ['fewer strides than sides', tensor([2, 2], [1]), /no sound shape/],
    ['more than 32 sides', tensor(Array(33).fill(1), Array(33).fill(1)), /no sound shape/],
    ['2^62 numbers', tensor([2 ** 31 - 1, 2 ** 31 - 1], [0, 0]), /no sound shape/],
    ['one number 2^30 times', tensor([2 ** 30], [0]), /more than 536870912 bytes/],
    ['a storage that is not there', tensor([1], [1], { from: storage('1') }), /the storage “1” is not in it/],
    ['a storage with a path', tensor([1], [1], { from: storage('../version') }), /the storage “\.\.\/version” is not/],
    ['quantised numbers', tensor([1], [1], { from: storage('0', 'QInt8Storage') }), /type “torch\.QInt8Storage”/],
    [
      'a type with a name of JavaScript',
      tensor([1], [1], { from: storage('0', 'constructor') }),
      /type “torch\.constructor”/,
    ],
    ['big-endian arrays', array([1], 'f4', '>', bytes(new Uint8Array(4))), /“weight” has numbers of the type “>f4”/],
    ['arrays of objects', array([1], 'O8', '|', list()), /type “\|O8”/],
    ['arrays of records', array([1], 'V8', '|', bytes(new Uint8Array(8))), /type “\|V8”/],
    ['arrays of complex numbers', array([1], 'c8', '<', bytes(new Uint8Array(8))), /type “<c8”/],
    ['arrays with fewer bytes', array([2], 'f4', '<', bytes(new Uint8Array(4))), /other bytes than its shape/],
    ['arrays with more bytes', array([2], 'f4', '<', bytes(new Uint8Array(9))), /other bytes than its shape/],
    ['arrays of texts', array([500], 'f4', '<', str('x'.repeat(2000))), /other bytes than its shape/],
    ['arrays of one text', array([1], 'f4', '<', str('††††')), /other bytes than its shape/],
    ['arrays with a list for bytes', array([1], 'f4', '<', list(int(1))), /other bytes than its shape/],
    ['arrays with sides below 0', array([-1], 'f4', '<', bytes(new Uint8Array(0))), /no sound shape/],
    ['arrays without their state', call(global('numpy.core.multiarray', '_reconstruct')), /type “”/],
  ])('%s', async (_, value, fault) => {
    expect(await faultOfPickle(weight(value))).toMatch(fault);
  });

  it('numbers of another byte order', async () => {
    const little = torchZip(weight(tensor([1], [1])), { 'a/byteorder': text('little') });
    expect(read(little)).toHaveLength(1);
    const big = torchZip(weight(tensor([1], [1])), { 'a/byteorder': text('big') });
    expect(await faultOf(() => read(big))).toMatch(/its numbers are big-endian/);
    const old = fixtureBytes('pytorch-1/views-old.pth');
    const at = new TextDecoder('latin1').decode(old).indexOf('little_endian');
    // NEWTRUE becomes NEWFALSE.
    const turned = old.map((byte, n) => (n > at && n < at + 20 && byte === 0x88 ? 0x89 : byte));
    expect(await faultOf(() => read(turned))).toMatch(/its numbers are big-endian/);
  });

  it('two tensors of one name', async () => {
    const content = dict([str('a.b'), tensor([1], [1])], [str('a'), dict([str('b'), tensor([1], [1])])]);
    expect(await faultOfPickle(content)).toMatch(/two tensors are called “a\.b”/);
  });

  it('too many tensors, numbers of a reused storage, or files', async () => {
    const tensors = (count: number) => list(...Array(count).fill(tensor([12], [1])));
    expect(read(torchZip(tensors(40)), { bytes: 10_000, entries: 40 })).toHaveLength(40);
    expect(await faultOfPickle(tensors(41), { bytes: 10_000, entries: 40 })).toMatch(/holds more than 40 tensors/);
    const stretched = list(...Array(10).fill(tensor([12, 100], [1, 0])));
    expect(read(torchZip(stretched), { bytes: 48_000, entries: 10 })).toHaveLength(10);
    expect(await faultOfPickle(stretched, { bytes: 47_999, entries: 10 })).toMatch(/more than 47999 bytes/);
    expect(await faultOfPickle(tensors(1), { bytes: 100, entries: 4 })).toMatch(/unpacks to more than the \d+ bytes/);
    expect(await faultOfPickle(tensors(1), { bytes: 10_000, entries: 2 })).toMatch(/3 files, more than 2/);
  });
});

describe('readPyTorch ends soon with a pickle that', () => {
  const times = (count: number, content: pickle.Opcodes) => Array<pickle.Opcodes>(count).fill(content).flat();
  const listOf = (count: number, content: pickle.Opcodes) => [0x5d, 0x28, ...times(count, content), 0x65];
  const encode = call(global('_codecs', 'encode'), get(0), str('latin1'));

  it.each<[string, pickle.Opcodes]>([
    ['holds itself', [...pickle.EMPTY_LIST, ...put(0), 0x28, ...get(0), ...get(0), 0x65]],
    [
      'contains itself twice, thirty levels deep',
      [...list(tensor([1], [1])), ...put(0), ...times(30, [...list(get(0), get(0)), ...put(0)])],
    ],
    ['nests 100 000 deep', [...times(1e5, pickle.EMPTY_LIST), ...times(1e5 - 1, pickle.APPEND)]],
    ['marks 100 000 times', times(1e5, [0x28])],
    ['has 2 million dictionaries', times(2e6, pickle.EMPTY_DICT)],
    ['calls with 200 000 arguments', [...orderedDict, 0x28, ...times(2e5, pickle.NONE), 0x74, ...pickle.REDUCE]],
    // The library alone would make a list of 2^31 entries, and end the process.
    [
      'calls with a list whose attributes set a great length',
      [...orderedDict, ...list(), ...dict([int(2 ** 31 - 1), pickle.NONE]), ...pickle.BUILD, ...pickle.REDUCE],
    ],
    ['calls with a long text', [...orderedDict, ...str('x'.repeat(1e6)), ...pickle.REDUCE]],
    [
      'copies a list again and again',
      [...listOf(5e4, tuple(int(1), int(1))), ...put(0), ...times(500, call(orderedDict, get(0)))],
    ],
    [
      'has nested lists as a type’s name',
      [
        ...list(int(1)),
        ...put(0),
        ...times(40, [...list(get(0), get(0)), ...put(0)]),
        ...call(
          global('numpy.core.numeric', '_frombuffer'),
          bytes(new Uint8Array(4)),
          call(global('numpy', 'dtype'), get(0)),
          tuple(int(1)),
          str('C'),
        ),
      ],
    ],
    ['encodes a text again and again', [...str('x'.repeat(1e6)), ...put(0), ...times(5000, encode)]],
    [
      'has many arrays of one long text',
      [...str('é'.repeat(1e6)), ...put(0), ...listOf(2000, array([1], 'f4', '<', get(0)))],
    ],
  ])('%s', async (_, content) => {
    const start = performance.now();
    const fault = await faultOfPickle(content, { bytes: 2 ** 26, entries: 4096 });
    expect(fault).toMatch(/cannot be read as a PyTorch checkpoint/);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});
