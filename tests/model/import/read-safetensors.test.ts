import { describe, expect, it } from 'vitest';
import { isSafetensors, readSafetensors } from '../../../src/model/import/read-safetensors.ts';
import { faultOf, fixtureBytes, fixtureJson, safetensors } from './files.ts';

const bytesOf = (count: number) => new Uint8Array(count);
const tensor = (begin: number, end: number, shape = [(end - begin) / 4], dtype = 'F32') => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

describe('readSafetensors', () => {
  it('reads files of the format’s own library: F64, F32, F16 and BF16, without counters', () => {
    const { metadata, tensors } = readSafetensors(fixtureBytes('arrays/types.safetensors'));
    const expected = fixtureJson<{ safetensors: object }>('arrays/values.json').safetensors;
    const read = tensors.map(({ name, shape, data }) => [name, { shape: [...shape], values: [...data] }]);
    expect(Object.fromEntries(read)).toEqual(expected);
    expect(metadata).toEqual({ unsung: '{}', author: 'nobody' });
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['nothing', bytesOf(0), /it has 0 bytes/],
    ['a header longer than the file', safetensors({}).fill(0xff, 0, 3), /longer than the file/],
    ['a header of 2^60 bytes', safetensors({}).fill(16, 7, 8), /longer than the file/],
    ['a header that is a list', safetensors([]), /not a JSON object/],
    ['a header that nests a million deep', safetensors('[{"a":'.repeat(1e6)), /not a JSON object/],
    ['metadata that are numbers', safetensors({ __metadata__: { a: 1 } }), /metadata are not texts/],
    ['a tensor without type', safetensors({ a: { shape: [1], data_offsets: [0, 4] } }, bytesOf(4)), /describe a/],
    ['a tensor that is null', safetensors({ a: null }), /describe a/],
    ['a side below 0', safetensors({ a: tensor(0, 4, [-1]) }, bytesOf(4)), /describe a/],
    ['a side that is no whole number', safetensors({ a: tensor(0, 4, [0.5, 2]) }, bytesOf(4)), /describe a/],
    ['a type it does not know', safetensors({ a: tensor(0, 1, [1], 'F8_E4M3') }, bytesOf(1)), /unknown type F8_E4M3/],
    ['a tensor beyond the end', safetensors({ a: tensor(0, 8) }, bytesOf(4)), /a lies outside/],
    ['a tensor that ends before it begins', safetensors({ a: tensor(4, 0, [1]) }, bytesOf(4)), /a lies outside/],
    ['a shape for other bytes', safetensors({ a: tensor(0, 8, [3]) }, bytesOf(8)), /has 8 bytes, not 12/],
    ['a shape of 2^60', safetensors({ a: tensor(0, 4, [2 ** 30, 2 ** 30]) }, bytesOf(4)), /has 4 bytes, not/],
    ['tensors over each other', safetensors({ a: tensor(0, 8), b: tensor(4, 8) }, bytesOf(8)), /b does not begin/],
    ['the same bytes twice', safetensors({ a: tensor(0, 8), b: tensor(0, 8) }, bytesOf(8)), /b does not begin/],
    ['a gap', safetensors({ a: tensor(0, 4), b: tensor(8, 12) }, bytesOf(12)), /b does not begin/],
    ['bytes of no tensor', safetensors({ a: tensor(0, 4) }, bytesOf(8)), /4 bytes belong to no tensor/],
  ])('rejects %s', async (_, bytes, fault) => {
    const message = await faultOf(() => readSafetensors(bytes, 'weights.safetensors'));
    expect(message).toMatch(/^weights\.safetensors is not a complete safetensors file/);
    expect(message).toMatch(fault);
  });

  it('rejects too many tensors, and tensors too large in total', async () => {
    const bytes = safetensors({ a: tensor(0, 8), b: tensor(8, 16) }, bytesOf(16));
    expect(readSafetensors(bytes, 'x', { bytes: 32, entries: 2 }).tensors).toHaveLength(2);
    expect(await faultOf(() => readSafetensors(bytes, 'x', { bytes: 31, entries: 2 }))).toMatch(/too many/);
    expect(await faultOf(() => readSafetensors(bytes, 'x', { bytes: 32, entries: 1 }))).toMatch(/more than 1/);
  });

  it('is recognised by its beginning', () => {
    expect(isSafetensors(fixtureBytes('arrays/types.safetensors'))).toBe(true);
    expect(isSafetensors(fixtureBytes('arrays/plain.npz'))).toBe(false);
    expect(isSafetensors(bytesOf(100))).toBe(false);
  });
});
