import { describe, expect, it } from 'vitest';
import { unpackEntry, zipEntries } from '../../../src/model/import/zip.ts';
import { faultOf, text, zipOf, zipWithTwins } from './files.ts';

const CENTRAL = [0x50, 0x4b, 1, 2];
const END = [0x50, 0x4b, 5, 6];

/** The position of the first record of a kind. */
function find(bytes: Uint8Array, signature: readonly number[]): number {
  return bytes.findIndex((_, at) => signature.every((byte, n) => bytes[at + n] === byte));
}

/** A changed copy of a zip with one file, “name”. */
function spoilt(change: (bytes: Uint8Array, central: number, end: number) => void, level: 0 | 6 = 6): Uint8Array {
  const bytes = zipOf({ name: text('some text, and some text again') }, { name: { level } });
  change(bytes, find(bytes, CENTRAL), find(bytes, END));
  return bytes;
}

function unpackAll(bytes: Uint8Array): string[] {
  return zipEntries(bytes, 'a.zip').map((entry) => new TextDecoder().decode(unpackEntry(entry, 1e6, 'a.zip')));
}

describe('zipEntries and unpackEntry', () => {
  it('read stored and deflated files, with any bytes after the end', () => {
    const bytes = zipOf({ 'a/b': text('one'), 'a/': text(''), c: text('two') }, { c: { level: 0 } });
    expect(zipEntries(bytes, 'a.zip').map(({ name }) => name)).toEqual(['a/b', 'c']);
    expect(unpackAll(bytes)).toEqual(['one', 'two']);
    expect(unpackAll(Buffer.concat([bytes, Buffer.alloc(100)]))).toEqual(['one', 'two']);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(0), /no directory/],
    ['a file without its end', spoilt(() => {}).slice(0, -1), /no directory/],
    ['a missing directory', spoilt((zip, _, end) => zip.fill(0xee, end + 16, end + 19)), /directory is damaged/],
    ['a directory of other bytes', spoilt((zip, central) => zip.fill(0, central, central + 4)), /directory is damaged/],
    [
      'a name beyond the end',
      spoilt((zip, central) => zip.fill(0xff, central + 28, central + 30)),
      /directory is damaged/,
    ],
    ['a zip64', spoilt((zip, _, end) => zip.fill(0xff, end + 16, end + 20)), /zip64/],
    ['a file of zip64', spoilt((zip, central) => zip.fill(0xff, central + 24, central + 28)), /zip64/],
    ['one of several disks', spoilt((zip, _, end) => zip.fill(1, end + 4, end + 5)), /several parts/],
    ['an encrypted file', spoilt((zip, central) => zip.fill(1, central + 8, central + 9)), /“name” is encrypted/],
    [
      'a file beyond the end',
      spoilt((zip, central) => zip.fill(0x7f, central + 42, central + 46)),
      /“name” is not in it/,
    ],
    [
      'a file that runs into the directory',
      spoilt((zip, central) => zip.fill(9, central + 21, central + 22)),
      /cut short/,
    ],
    ['another name in the file than in the directory', spoilt((zip) => zip.fill(0x61, 30, 31)), /another name/],
    ['another method', spoilt((zip, central) => zip.fill(12, central + 10, central + 11)), /packed by method 12/],
    [
      'a wrong checksum',
      spoilt((zip, central) => zip.fill(0, central + 16, central + 20)),
      /checksum of “name” is wrong/,
    ],
    ['a changed letter', spoilt((zip) => zip.fill(0x61, 34, 35), 0), /checksum of “name” is wrong/],
    [
      'a file that is longer than stated',
      spoilt((zip, central) => zip.fill(3, central + 24, central + 25)),
      /more than the 3/,
    ],
    [
      'a file that is shorter than stated',
      spoilt((zip, central) => zip.fill(99, central + 24, central + 25)),
      /cut short/,
    ],
    ['damaged deflate data', spoilt((zip) => zip.fill(0xff, 34, 40)), /“name” is damaged/],
    ['two files of one name', zipWithTwins('name'), /two files are called “name”/],
  ])('reject %s', async (_, bytes, fault) => {
    const message = await faultOf(() => unpackAll(bytes));
    expect(message).toMatch(/^a\.zip cannot be read as a zip/);
    expect(message).toMatch(fault);
  });

  it('reject overlapping files, of which a small zip could hold thousands', async () => {
    const bytes = zipOf({ aa: text('x'.repeat(100)), ab: text('x'.repeat(100)) });
    const first = find(bytes, CENTRAL);
    const second = first + 1 + find(bytes.subarray(first + 1), CENTRAL);
    // Both entries and headers are the first file's, except the name in the directory, which is rejected…
    bytes.copyWithin(second + 16, first + 16, first + 46);
    expect(await faultOf(() => unpackAll(bytes))).toMatch(/another name/);
    // …and so is the position when the second header lies within the first file.
    const nested = zipOf({ inner: text('content') }, { inner: { level: 0 } });
    const local = nested.subarray(0, find(nested, CENTRAL));
    const outer = zipOf({ outer: local, inner: text('content') }, { outer: { level: 0 }, inner: { level: 0 } });
    const outerCentral = find(outer, CENTRAL);
    const innerCentral = outerCentral + 1 + find(outer.subarray(outerCentral + 1), CENTRAL);
    new DataView(outer.buffer, outer.byteOffset).setUint32(innerCentral + 42, 35, true);
    expect(await faultOf(() => unpackAll(outer))).toMatch(/“inner” lies over another file/);
  });

  it('unpack no more than the limit', async () => {
    const bytes = zipOf({ zeros: new Uint8Array(2 ** 24) });
    expect(bytes.length).toBeLessThan(2 ** 15);
    const [entry] = zipEntries(bytes, 'a.zip');
    expect(await faultOf(() => unpackEntry(entry, 1000, 'a.zip'))).toMatch(/more than the 1000 bytes/);
  });

  it('reject more files than the limit', async () => {
    const bytes = zipOf({ a: text('1'), b: text('2') });
    expect(await faultOf(() => zipEntries(bytes, 'a.zip', { bytes: 1e6, entries: 1 }))).toMatch(/2 files, more than 1/);
  });
});
