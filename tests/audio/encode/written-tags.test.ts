import { describe, expect, test } from 'vitest';
import { createAudioFile } from '../../../src/audio/encode/audio-file.ts';
import { memorySink } from '../../../src/audio/encode/byte-sink.ts';
import type { ExportFormat } from '../../../src/audio/encode/formats.ts';
import { fitsInfoChunk } from '../../../src/audio/encode/written-tags.ts';
import { readTags } from '../../../src/audio/tags/read-tags.ts';
import type { SongTags } from '../../../src/audio/tags/song-tags.ts';
import { comparable, TAGGED_FILES } from '../tags/tagged-files.ts';

const FORMATS = ['wav16', 'flac', 'mp3', 'm4a'] as const;
const FULL = TAGGED_FILES.find(({ file }) => file === 'tags.flac')?.tags as SongTags;

async function saved(format: ExportFormat, tags: SongTags): Promise<Buffer> {
  const sink = memorySink();
  const file = await createAudioFile(sink, format, { sampleRate: 44100, channels: 1, samples: 5000 }, tags);
  await file.write([new Float32Array(5000)]);
  await file.finish();
  return Buffer.concat(sink.pieces());
}

/** The content of the first chunk, frame or box of this name: its length stands `distance` bytes before the content. */
function contentOf(file: Buffer, name: string, bytes: number, distance = 4): string {
  const at = file.indexOf(name, 0, 'latin1');
  return at < 0 ? '' : file.toString('latin1', at + name.length + distance, at + name.length + distance + bytes);
}

describe('tags that are written', () => {
  test.each(FORMATS)('into %s come back, cover and Chinese too', async (format) => {
    expect(comparable(await readTags(await saved(format, FULL)))).toEqual(comparable(FULL));
  });

  test.each(FORMATS)('into %s keep a year a year', async (format) => {
    const tags = { title: 'A song', date: '1987' };
    expect(await readTags(await saved(format, tags))).toEqual(tags);
  });

  test.each(['flac', 'mp3'] as const)('into %s keep the fraction of a tempo', async (format) => {
    expect(await readTags(await saved(format, { title: 'A song', bpm: 127.5 }))).toMatchObject({ bpm: 127.5 });
  });

  test('into M4A round the tempo, which is a whole number there', async () => {
    expect(await readTags(await saved('m4a', { title: 'A song', bpm: 127.6 }))).toMatchObject({ bpm: 128 });
  });

  test.each(FORMATS)('into %s keep a cover of 9 MB', async (format) => {
    const data = new Uint8Array(9_000_000).fill(5);
    data.set([0xff, 0xd8, 0xff]);
    const { cover } = await readTags(await saved(format, { title: 'A song', cover: { data, mimeType: 'image/jpeg' } }));
    expect(cover?.mimeType).toBe('image/jpeg');
    expect(Buffer.from(cover?.data ?? []).equals(data)).toBe(true);
  });

  test('leave out a cover that is too large for FLAC', async () => {
    const data = new Uint8Array(0x1000000);
    expect(await readTags(await saved('flac', { title: 'A song', cover: { data, mimeType: 'image/png' } }))).toEqual({
      title: 'A song',
    });
  });

  test('stand where other programs look for them', async () => {
    const mp3 = await saved('mp3', FULL);
    expect(contentOf(mp3, 'TKEY', 4, 6)).toBe('\0F#m');
    expect(contentOf(mp3, 'TBPM', 4, 6)).toBe('\x00128');
    // After the encoding, the media type and its zero: a front cover.
    expect(contentOf(mp3, 'image/png\0', 1, 0)).toBe('\x03');
    const m4a = await saved('m4a', FULL);
    expect(contentOf(m4a, 'tmpo', 14)).toBe('data\0\0\0\x15\0\0\0\0\0\x80');
    expect(contentOf(m4a, 'disk', 20)).toBe('data\0\0\0\0\0\0\0\0\0\0\0\x01\0\x02\0\0');
    expect(contentOf(m4a, 'com.apple.iTunes', 19, 0)).toBe('\0\0\0\x16name\0\0\0\0initial');
    // The box of tags is the last one, and each of its parents ends with the file.
    for (const name of ['moov', 'udta', 'ilst']) {
      const at = m4a.lastIndexOf(name) - 4;
      expect(at + m4a.readUInt32BE(at)).toBe(m4a.length);
    }
  });

  test('stand in a WAV file’s INFO chunk if it can hold all of them, otherwise in ID3', async () => {
    expect(fitsInfoChunk({ title: 'Cafe', trackNumber: 2, date: '1987' })).toBe(true);
    expect(fitsInfoChunk({ title: 'Café' })).toBe(false);
    expect(fitsInfoChunk({ title: 'Song', albumArtist: 'Nobody' })).toBe(false);
    expect(fitsInfoChunk({ title: 'Song', cover: { data: new Uint8Array(1), mimeType: 'image/png' } })).toBe(false);
    const plain = await saved('wav16', { title: 'Cafe', date: '1987' });
    expect(contentOf(plain, 'INAM', 5)).toBe('Cafe\0');
    expect(contentOf(plain, 'ICRD', 5)).toBe('1987\0');
    expect(plain.includes('ID3')).toBe(false);
    const full = await saved('wav16', { title: 'Café', bpm: 128 });
    expect(full.includes('INFO')).toBe(false);
    expect(contentOf(full, 'TBPM', 4, 6)).toBe('\x00128');
  });

  test('are none if there are none', async () => {
    for (const format of FORMATS) expect(await readTags(await saved(format, {}))).toEqual({});
  });
});
