import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import crc32c from 'crc-32/crc32c.js';
import { compress } from 'snappyjs';
import { describe, expect, it } from 'vitest';
import { ModelError } from '../../../src/core/errors.ts';
import { readTfCheckpoint } from '../../../src/model/import/read-tf-checkpoint.ts';
import type { NamedTensor } from '../../../src/model/import/types.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures/import/tensorflow');
const read = (path: string) => new Uint8Array(readFileSync(join(FOLDER, path)));

interface Truth {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly weightedSum?: number;
  readonly first?: readonly number[];
}
/** TensorFlow's values of its checkpoints: training/reference/import_tensorflow.py. */
const TRUTH: Readonly<Record<string, Readonly<Record<string, Truth>>>> = JSON.parse(
  readFileSync(join(FOLDER, 'tensors.json'), 'utf8'),
);
const CHECKPOINT: string = JSON.parse(readFileSync(join(FOLDER, 'values.json'), 'utf8')).checkpoint;

function checkpoint(prefix: string, shards = 1): [Uint8Array, Uint8Array[]] {
  const number = (n: number) => String(n).padStart(5, '0');
  const data = Array.from({ length: shards }, (_, n) => read(`${prefix}.data-${number(n)}-of-${number(shards)}`));
  return [read(`${prefix}.index`), data];
}

const [INDEX, DATA] = checkpoint(CHECKPOINT);
const [KINDS_INDEX, KINDS_DATA] = checkpoint('kinds/model.ckpt');

function expectTruth(tensors: readonly NamedTensor[], truth: Readonly<Record<string, Truth>>): void {
  const floating = Object.keys(truth).filter((name) => truth[name].weightedSum !== undefined);
  expect(tensors.map(({ name }) => name).sort()).toEqual(floating.sort());
  for (const { name, shape, data } of tensors) {
    expect(shape, name).toEqual(truth[name].shape);
    expect(data.length, name).toBe(shape.reduce((product, side) => product * side, 1));
    expect([...data.slice(0, 4)], name).toEqual(truth[name].first!.map(Math.fround));
    const sum = data.reduce((total, value, n) => total + value * Math.cos(n), 0);
    expect(Math.abs(sum - truth[name].weightedSum!), name).toBeLessThan(1e-5 * Math.max(1, Math.abs(sum)));
  }
}

function expectRefused(index: Uint8Array, data: readonly Uint8Array[], what: RegExp): void {
  expect(() => readTfCheckpoint(index, data)).toThrow(ModelError);
  expect(() => readTfCheckpoint(index, data)).toThrow(what);
}

function changed(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  copy[at < 0 ? copy.length + at : at] = value;
  return copy;
}

// Writers of the format, after its specification, for files that TensorFlow would not write.

function varint(value: number): number[] {
  const out: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...out, rest];
    out.push((rest % 128) + 128);
  }
}

function maskedCrc(bytes: Uint8Array): number[] {
  const crc = crc32c.buf(bytes) >>> 0;
  const masked = (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
  return [masked & 255, (masked >>> 8) & 255, (masked >>> 16) & 255, masked >>> 24];
}

type Entry = readonly [key: string, value: readonly number[]];

function block(entries: readonly Entry[]): number[] {
  const body = entries.flatMap(([key, value]) => [
    ...varint(0),
    ...varint(key.length),
    ...varint(value.length),
    ...Buffer.from(key, 'latin1'),
    ...value,
  ]);
  return [...body, 0, 0, 0, 0, 1, 0, 0, 0];
}

interface TableOptions {
  readonly packing?: number;
  readonly pack?: (bytes: Uint8Array) => Uint8Array;
}

/** A sorted table with each group of entries in a block of its own. */
function table(groups: readonly (readonly Entry[])[], { packing = 0, pack = (bytes) => bytes }: TableOptions = {}) {
  const file: number[] = [];
  const append = (bytes: number[], how = packing) => {
    const packed = [...(how === packing ? pack(new Uint8Array(bytes)) : bytes), how];
    const handle = [...varint(file.length), ...varint(packed.length - 1)];
    file.push(...packed, ...maskedCrc(new Uint8Array(packed)));
    return handle;
  };
  const handles = groups.map((group): Entry => [group.at(-1)?.[0] ?? '', append(block(group))]);
  const footer = [...append(block([]), 0), ...append(block(handles))];
  const magic = [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb];
  return new Uint8Array([...file, ...footer, ...Array<number>(40 - footer.length).fill(0), ...magic]);
}

const HEADER: Entry = ['', [8, 1, 26, 2, 8, 1]];

function tensorEntry(name: string, data: Uint8Array, shape: readonly number[], { dtype = 1, offset = 0 } = {}): Entry {
  const sides = shape.flatMap((side) => [18, 1 + varint(side).length, 8, ...varint(side)]);
  const crc = maskedCrc(data.subarray(offset));
  const value = [8, dtype, 18, sides.length, ...sides, 32, ...varint(offset), 40, ...varint(data.length - offset), 53];
  return [name, [...value, ...crc]];
}

const NUMBERS = new Uint8Array(new Float32Array([1, 2, 3, 4, 5, 6]).buffer);

describe('reading a TensorFlow checkpoint', () => {
  it('returns the variables of TensorFlow’s Saver, with the optimiser’s and without its counter', () => {
    const tensors = readTfCheckpoint(INDEX, DATA);
    expectTruth(tensors, TRUTH.checkpoint);
    const names = tensors.map(({ name }) => name);
    expect(names).toContain('conv2d_transpose_5/kernel/Adam_1');
    expect(names).not.toContain('global_step');
  });

  it('joins the shards of a checkpoint', () => {
    expectTruth(readTfCheckpoint(...checkpoint('sharded/model.ckpt', 4)), TRUTH.sharded);
  });

  it('reads half, single and double precision, empty tensors and scalars, and skips other types', () => {
    const tensors = readTfCheckpoint(KINDS_INDEX, KINDS_DATA);
    expect(tensors.map(({ name }) => name)).toEqual(['empty', 'float16', 'float32', 'float64', 'scalar']);
    expectTruth(tensors, TRUTH.kinds);
  });

  it('accepts Node’s buffers at any memory offset', () => {
    const shifted = Buffer.concat([Buffer.alloc(3), DATA[0]]).subarray(3);
    expect(readTfCheckpoint(Buffer.from(INDEX), [shifted])).toEqual(readTfCheckpoint(INDEX, DATA));
  });

  it.each([
    ['plain', {}],
    ['snappy', { packing: 1, pack: (bytes: Uint8Array) => compress(bytes) }],
  ])('reads several %s blocks', (_, options) => {
    const long = 'x'.repeat(300);
    const groups = [[HEADER, tensorEntry('a', NUMBERS, [2, 3])], [tensorEntry(long, new Uint8Array(0), [0, 7])]];
    expect(readTfCheckpoint(table(groups, options), [NUMBERS])).toEqual([
      { name: 'a', shape: [2, 3], data: new Float32Array([1, 2, 3, 4, 5, 6]) },
      { name: long, shape: [0, 7], data: new Float32Array(0) },
    ]);
  });
});

describe('a TensorFlow checkpoint is rejected with a clear error', () => {
  it('when the index is cut short anywhere', () => {
    for (let length = 0; length < KINDS_INDEX.length; length++) {
      expectRefused(KINDS_INDEX.subarray(0, length), KINDS_DATA, /cannot be read as a TensorFlow checkpoint/);
    }
  });

  it('when the data are cut short anywhere', () => {
    // The last 8 bytes are strings, which are skipped.
    for (let length = 0; length < KINDS_DATA[0].length - 12; length++) {
      expectRefused(KINDS_INDEX, [KINDS_DATA[0].subarray(0, length)], /cut short/);
    }
  });

  it('when any one byte of the index’s blocks is changed', () => {
    for (let at = 0; at < KINDS_INDEX.length - 48; at++) {
      expectRefused(changed(KINDS_INDEX, at, KINDS_INDEX[at] ^ 0x10), KINDS_DATA, /checksum|packed|damaged/);
    }
  });

  it('when a number is changed', () => {
    expectRefused(INDEX, [changed(DATA[0], 1000, DATA[0][1000] ^ 1)], /the checksum of .+ is wrong/);
  });

  it('when it is another kind of file', () => {
    expectRefused(changed(INDEX, -1, 0), DATA, /another kind of file/);
    expectRefused(new Uint8Array(1000), DATA, /another kind of file/);
    expectRefused(table([]), DATA, /no header/);
    expectRefused(table([[tensorEntry('a', NUMBERS, [6])]]), [NUMBERS], /no header/);
  });

  it('when a data file is missing', () => {
    const [index, data] = checkpoint('sharded/model.ckpt', 4);
    expectRefused(index, data.slice(0, 3), /4 data files, and 3 were given/);
  });

  it('when a variable is partitioned, big-endian or of an unknown kind', () => {
    expectRefused(...checkpoint('sliced/model.ckpt'), /weights is a partitioned variable/);
    expectRefused(table([[['', [8, 1, 16, 1]]]]), [NUMBERS], /big-endian/);
    const resource = tensorEntry('a', NUMBERS, [6], { dtype: 20 });
    expectRefused(table([[HEADER, resource]]), [NUMBERS], /unknown kind \(20\)/);
  });

  it('when sizes are huge or do not fit', () => {
    const entry = (shape: readonly number[]) => table([[HEADER, tensorEntry('a', NUMBERS, shape)]]);
    expectRefused(entry([7]), [NUMBERS], /not those of its shape/);
    expectRefused(entry([2 ** 40, 2 ** 40]), [NUMBERS], /not those of its shape/);
    const many = new Uint8Array(4000);
    const index = table([[HEADER, tensorEntry('a', many, [1000])]]);
    expect(() => readTfCheckpoint(index, [many], 'It', { bytes: 3999, entries: 9 })).toThrow(/4000 bytes, too many/);
    expect(() => readTfCheckpoint(INDEX, DATA, 'It', { bytes: 1e9, entries: 9 })).toThrow(/more than/);
  });

  it('when tensors or blocks overlap, or names are not in order', () => {
    const a = tensorEntry('a', NUMBERS, [6]);
    const b = tensorEntry('b', NUMBERS, [5], { offset: 4 });
    expectRefused(table([[HEADER, a, b]]), [NUMBERS], /b lies over a/);
    expectRefused(table([[HEADER, ['b', a[1]], a]]), [NUMBERS], /not in order/);
  });

  it('when a compressed block states a wrong length', () => {
    const packed = (edit: (bytes: number[]) => number[]) =>
      table([[HEADER]], { packing: 1, pack: (bytes) => new Uint8Array(edit([...compress(bytes)])) });
    expectRefused(
      packed(([, ...rest]) => [...varint(2 ** 31), ...rest]),
      [NUMBERS],
      /unfolds to more/,
    );
    expectRefused(
      packed(([length, ...rest]) => [length + 1, ...rest]),
      [NUMBERS],
      /damaged/,
    );
    // A literal of 2³² − 1 bytes, a negative number in 32 bits.
    expectRefused(
      packed(() => [16, 0xfc, 255, 255, 255, 255, 0, 0, 0, 0]),
      [NUMBERS],
      /damaged/,
    );
    expectRefused(
      packed(() => [16, 0xfc, 255]),
      [NUMBERS],
      /damaged/,
    );
    expectRefused(table([[HEADER]], { packing: 2 }), [NUMBERS], /method 2/);
  });

  it('when a name is longer than any variable’s', () => {
    expectRefused(table([[HEADER, tensorEntry('a'.repeat(5000), NUMBERS, [6])]]), [NUMBERS], /key is longer/);
  });

  it('when an entry is not a message', () => {
    for (const value of [
      [255],
      [18, 255, 255, 255, 255, 255, 255, 255, 255, 255],
      [18, 100],
      [8, 1, 53, 1],
      [11, 12],
    ]) {
      expectRefused(table([[HEADER, ['a', value]]]), [NUMBERS], /cannot be read as a TensorFlow checkpoint/);
    }
  });
});
