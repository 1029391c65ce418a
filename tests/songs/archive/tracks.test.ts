import { expect, test } from 'vitest';
import type { AudioTrack } from '../../../src/audio/decode/song-stream.ts';
import { describeSong, parseArchivedSong, type SongFacts } from '../../../src/songs/archive/archived-song.ts';
import { archivedEntry } from '../../../src/songs/song-entry.ts';
import { facts } from './song-facts.ts';

const TRACKS: readonly AudioTrack[] = [
  { index: 0, codec: 'aac', sampleRate: 44_100, channels: 2, depth: 'lossy', isDefault: false },
  {
    index: 1,
    codec: 'flac',
    sampleRate: 48_000,
    channels: 6,
    depth: 24,
    seconds: 1.5,
    language: 'eng',
    title: 'Film',
    isDefault: true,
  },
];

const json = (more: Partial<SongFacts> | { tracks: unknown }) =>
  JSON.stringify({ ...describeSong(facts('a'), 'planar', 0), ...more });

test('the tracks of a kept song, and the chosen one, are kept', () => {
  const song = parseArchivedSong(json({ tracks: [...TRACKS], track: 1 }));
  expect(song).toMatchObject({ tracks: TRACKS, track: 1 });
  expect(archivedEntry({ id: 'a', song, bytes: 1 })).toMatchObject({ tracks: TRACKS, track: 1 });
});

test('a song of a version without tracks, or with invalid ones, is read without them', () => {
  for (const given of [json({}), json({ tracks: [{ index: 'first' }] }), json({ tracks: 2 })]) {
    const song = parseArchivedSong(given);
    expect(song).toMatchObject({ id: 'a' });
    expect(archivedEntry({ id: 'a', song, bytes: 1 })).toMatchObject({ kind: 'done', tracks: [], track: undefined });
  }
});
