import { describe, expect, it } from 'vitest';
import { readNpz } from '../../../src/model/import/read-npz.ts';
import { faultOf, fixtureBytes, fixtureJson, npy, text, zipOf } from './files.ts';

interface Described {
  readonly shape: number[];
  readonly values: number[];
}

const values = fixtureJson<Record<'npz' | 'versions', Record<string, Described>>>('arrays/values.json');

function described(bytes: Uint8Array): Record<string, Described> {
  return Object.fromEntries(
    readNpz(bytes).map(({ name, shape, data }) => [name, { shape: [...shape], values: [...data] }]),
  );
}

/** The fault of an .npz with this array. */
const faultOfNpy = (bytes: Uint8Array) => faultOf(() => readNpz(zipOf({ 'conv1/W.npy': bytes }), 'unet.model'));
const withHeader = (header: string) => npy([2], new Float32Array(2), header);

describe('readNpz', () => {
  it.each(['packed.npz', 'plain.npz'])('reads files of NumPy, all types and both orders: %s', (name) => {
    expect(described(fixtureBytes(`arrays/${name}`))).toEqual(values.npz);
  });

  it('reads headers of version 2 and 3', () => {
    expect(described(fixtureBytes('arrays/versions.npz'))).toEqual(values.versions);
  });

  it('reads shapes that Python 2 wrote', () => {
    const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 1L), }";
    const file = zipOf({ 'a.npy': npy([], Float32Array.of(3, 4), header) });
    expect(described(file)).toEqual({ a: { shape: [2, 1], values: [3, 4] } });
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['big-endian numbers', withHeader("{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }"), /type “>f4”/],
    ['Python objects', withHeader("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }"), /type “\|O”/],
    ['complex numbers', withHeader("{'descr': '<c8', 'fortran_order': False, 'shape': (2,), }"), /type “<c8”/],
    ['records', withHeader("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }"), /header is damaged/],
    ['a header without shape', withHeader("{'descr': '<f4', 'fortran_order': False}"), /header is damaged/],
    [
      'fewer numbers than stated',
      withHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (9,), }"),
      /bytes, not/,
    ],
    ['more numbers than stated', withHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }"), /more than/],
    [
      '2^60 numbers',
      withHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (1073741824, 1073741824), }"),
      /shape/,
    ],
    ['too many numbers', withHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (200000000,), }"), /536870912/],
    ['no magic', text('NUMPY or not, this is none'), /does not begin as one/],
    ['another version', npy([1], new Float32Array(1)).map((byte, n) => (n === 6 ? 4 : byte)), /version is 4/],
    ['a header that is cut short', npy([1], new Float32Array(1)).subarray(0, 40), /cut short/],
    ['nothing', new Uint8Array(0), /does not begin as one/],
  ])('rejects %s', async (_, bytes, fault) => {
    const message = await faultOfNpy(bytes);
    expect(message).toContain('unet.model');
    expect(message).toMatch(fault);
  });

  it('rejects a zip with other files', async () => {
    const bytes = zipOf({ 'a.npy': npy([1], new Float32Array(1)), 'data.pkl': text('x') });
    expect(await faultOf(() => readNpz(bytes))).toContain('data.pkl');
  });

  it('stops unpacking an array that is longer than its header says', async () => {
    // A header for two numbers, then 64 MB of zeros, which pack to 64 kB.
    const bomb = new Uint8Array(2 ** 26);
    bomb.set(npy([2], Float32Array.of(1, 2)));
    expect(await faultOfNpy(bomb)).toMatch(/unpacks to more than the 136 bytes it should/);
  });

  it('rejects too many arrays, and arrays too large in total', async () => {
    const bytes = zipOf({ 'a.npy': npy([4], new Float32Array(4)), 'b.npy': npy([4], new Float32Array(4)) });
    expect(readNpz(bytes, 'x', { bytes: 288, entries: 2 })).toHaveLength(2);
    expect(await faultOf(() => readNpz(bytes, 'x', { bytes: 287, entries: 2 }))).toMatch(/more than 287 bytes/);
    expect(await faultOf(() => readNpz(bytes, 'x', { bytes: 288, entries: 1 }))).toMatch(/2 files, more than 1/);
  });
});
