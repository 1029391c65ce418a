import { describe, expect, test } from 'vitest';
import { readTags } from '../../../src/audio/tags/read-tags.ts';

const ascii = (value: string): readonly number[] => [...Buffer.from(value)];

/** An element of EBML (RFC 8794): its identifier, the length in eight bytes, the content. */
function element(id: string, content: readonly number[], size = content.length): readonly number[] {
  return [...Buffer.from(id, 'hex'), 1, 0, 0, 0, 0, 0, size >> 8, size & 255, ...content];
}

const EBML = element('1a45dfa3', []);
const INFO = element('1549a966', element('7ba9', ascii('Of the segment')));
const CLUSTER = element('1f43b675', [0xaa, 0xaa, 0xaa]);

/** A list of tags with one tag, for a target. */
function tags(name: string, value: string, targets: readonly number[] = []): readonly number[] {
  const simple = element('67c8', [...element('45a3', ascii(name)), ...element('4487', ascii(value))]);
  return element('1254c367', element('7373', [...element('63c0', targets), ...simple]));
}

function matroska(...segment: readonly (readonly number[])[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...EBML, ...element('18538067', segment.flat())]);
}

describe('tags of Matroska', () => {
  test('are those of the whole file; the title of the segment counts most', async () => {
    const file = matroska(
      INFO,
      tags('TITLE', 'Of a tag'),
      tags('ARTIST', 'First', element('68ca', [50])),
      tags('ARTIST', 'Second'),
      tags('ALBUM', 'Of a part', element('68ca', [30])),
      tags('GENRE', 'Of a track', element('63c5', [1])),
    );
    expect(await readTags(file)).toEqual({ title: 'Of the segment', artist: 'First; Second' });
    expect(await readTags(new Blob([file]))).toEqual({ title: 'Of the segment', artist: 'First; Second' });
  });

  test('are found after the sound, where the index says', async () => {
    const after = tags('ARTIST', 'Behind');
    const index = (position: number) =>
      element(
        '114d9b74',
        element('4dbb', [...element('53ab', [0x12, 0x54, 0xc3, 0x67]), ...element('53ac', [position])]),
      );
    const position = index(0).length + CLUSTER.length;
    expect(await readTags(matroska(index(position), CLUSTER, after))).toEqual({ artist: 'Behind' });
    expect(await readTags(matroska(index(200), CLUSTER, after))).toEqual({});
    expect(await readTags(matroska(CLUSTER, after))).toEqual({});
  });

  test('are read up to bytes that are none', async () => {
    const junk = new Array<number>(1000).fill(0xff);
    expect(await readTags(matroska(INFO, junk))).toEqual({ title: 'Of the segment' });
    expect(await readTags(matroska(junk, INFO))).toEqual({});
    expect(await readTags(matroska(INFO, element('1254c367', [], 60_000)))).toEqual({ title: 'Of the segment' });
  });
});
