import { describe, expect, test } from 'vitest';
import { createAudioFile } from '../../../src/audio/encode/audio-file.ts';
import { memorySink } from '../../../src/audio/encode/byte-sink.ts';
import { fitsInfoChunk, readTags, type SongTags, stemTags, tagsOfName } from '../../../src/audio/encode/tags.ts';

const COVER = {
  data: Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 1, 2, 3),
  mimeType: 'image/png',
  kind: 'coverFront',
} as const;
const FULL: SongTags = {
  title: '夜曲 (Vocals)',
  artist: 'Zoë & Söhne',
  album: 'Über alles',
  genre: 'Pop',
  trackNumber: 3,
  date: new Date('2019-05-04T00:00:00Z'),
  images: [COVER],
};

async function saved(format: 'wav16' | 'flac', tags: SongTags): Promise<SongTags> {
  const sink = memorySink();
  const file = await createAudioFile(sink, format, { sampleRate: 44100, channels: 1, samples: 5000 }, tags);
  await file.write([new Float32Array(5000)]);
  await file.finish();
  return await readTags(Buffer.concat(sink.pieces()));
}

describe('tags', () => {
  test.each(['wav16', 'flac'] as const)(
    'in %s come back as they were written, cover and Chinese too',
    async (format) => {
      const tags = await saved(format, FULL);
      expect(tags).toMatchObject({ title: FULL.title, artist: FULL.artist, album: FULL.album, trackNumber: 3 });
      expect(tags.date?.getUTCFullYear()).toBe(2019);
      expect(Buffer.from(tags.images?.[0].data ?? [])).toEqual(Buffer.from(COVER.data));
    },
  );

  test('that are Latin-1 stand in a WAV file’s INFO chunk, others in ID3', async () => {
    expect(fitsInfoChunk({ title: 'Café', trackNumber: 2 })).toBe(true);
    expect(fitsInfoChunk({ title: '夜曲' })).toBe(false);
    expect(fitsInfoChunk({ title: 'Song', images: [COVER] })).toBe(false);
    expect(await saved('wav16', { title: 'Café', artist: 'Zoë' })).toEqual({ title: 'Café', artist: 'Zoë' });
  });

  test('of a file without any, or of no song, are none', async () => {
    expect(await readTags(new TextEncoder().encode('la la la'))).toEqual({});
    expect(await saved('flac', {})).toEqual({});
  });
});

describe('tagsOfName', () => {
  test.each([
    ['Nobody - A song', { artist: 'Nobody', title: 'A song' }],
    ['03 - Nobody - A song', { artist: 'Nobody', title: 'A song' }],
    ['07. Nobody – A-ha - Live', { artist: 'Nobody', title: 'A-ha - Live' }],
    ['my_song_2', { title: 'my song 2' }],
    ['99 Luftballons', { title: '99 Luftballons' }],
    ['1979', { title: '1979' }],
  ])('reads %j', (name, tags) => {
    expect(tagsOfName(name)).toEqual(tags);
  });
});

describe('stemTags', () => {
  test('say behind the title what the stem is', () => {
    expect(stemTags({ title: 'A song', artist: 'Nobody' }, 'x', 'Vocals')).toEqual({
      title: 'A song (Vocals)',
      artist: 'Nobody',
    });
  });

  test('take from the name what the song’s own do not say', () => {
    expect(stemTags({ artist: 'Somebody' }, 'Nobody - A song', 'Instrumental')).toEqual({
      title: 'A song (Instrumental)',
      artist: 'Somebody',
    });
  });
});
