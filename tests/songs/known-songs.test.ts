import { expect, test } from 'vitest';
import { describeSong } from '../../src/songs/archive/archived-song.ts';
import { type BrowserSongs, changesTo } from '../../src/songs/known-songs.ts';
import { archivedEntry, elsewhereEntry, newEntry, type SongEntry } from '../../src/songs/song-entry.ts';
import { facts } from './archive/song-facts.ts';

const archived = (id: string) => ({ id, song: describeSong(facts(id), 'planar', 0), bytes: 7 });
const pending = (id: string, own: boolean) => {
  const file = new Blob(['x']);
  return { own, entry: { version: 1, id, fileName: `${id}.mp3`, type: '', bytes: 1, since: 0, file } as const };
};
const map = (...songs: readonly SongEntry[]) => new Map(songs.map((song) => [song.id, song]));
const kinds = (songs: readonly SongEntry[]) => songs.map(({ id, kind }) => `${id}:${kind}`);
const none: BrowserSongs = { archived: [], pending: [], cancelled: [] };

test('stored songs are added: archived ones first, then those pending here and in other pages', () => {
  const { added, settled, removed, separated } = changesTo(
    new Map(),
    {
      archived: [archived('a'), { id: 'broken', bytes: 3 }],
      pending: [pending('b', true), pending('c', true), pending('d', false), pending('a', true)],
      cancelled: ['c'],
    },
    undefined,
  );
  expect(kinds(added)).toEqual(['a:done', 'broken:damaged', 'b:waiting', 'c:cancelled', 'd:elsewhere']);
  expect([settled, removed]).toEqual([[], []]);
  // Its page ended before it could take the file away.
  expect(separated).toEqual(['a']);
});

test('a song whose archiving was cut off waits again, with its file', () => {
  const half = { archived: [{ id: 'half', bytes: 3 }], pending: [pending('half', true)], cancelled: [] };
  const { added, removed, separated } = changesTo(new Map(), half, undefined);
  expect(kinds(added)).toEqual(['half:waiting']);
  expect([removed, separated]).toEqual([[], []]);
});

test('a song of another page becomes done, this page’s, or removed', () => {
  const songs = map(...['a', 'b', 'c', 'd', 'e'].map((id) => elsewhereEntry(pending(id, false).entry)));
  const changes = changesTo(
    songs,
    {
      archived: [archived('a')],
      pending: [pending('b', true), pending('c', true), pending('d', false)],
      cancelled: ['c'],
    },
    undefined,
  );
  expect(changes.added).toEqual([]);
  expect(kinds(changes.settled)).toEqual(['a:done', 'b:waiting', 'c:cancelled']);
  expect(changes.removed).toEqual(['e']);
});

test('songs removed by another page go, but not open songs or songs that are not archived yet', () => {
  const kept = ['a', 'open'].map((id) => archivedEntry(archived(id)));
  const mine = newEntry('mine', { fileName: 'x.mp3', file: new Blob([]) });
  const songs = map(...kept, archivedEntry({ id: 'broken', bytes: 1 }), mine);
  expect(changesTo(songs, none, 'open').removed).toEqual(['a', 'broken']);
});
