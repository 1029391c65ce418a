import { describe, expect, test } from 'vitest';
import { type ArchivedSong, describeSong, parseArchivedSong } from '../../../src/songs/archive/archived-song.ts';
import { FileKeys } from '../../../src/songs/file-key.ts';
import { sameSong } from '../../../src/songs/same-song.ts';
import { newEntry } from '../../../src/songs/song-entry.ts';
import { facts } from './song-facts.ts';

const described = (quality?: ArchivedSong['quality']) => describeSong({ ...facts('a'), quality }, 'planar', 0);

describe('the quality of a kept song', () => {
  test('is kept', () => {
    expect(parseArchivedSong(JSON.stringify(described('fast')))?.quality).toBe('fast');
  });

  test('is undefined for songs of versions without qualities, and for an unknown quality', () => {
    expect(parseArchivedSong(JSON.stringify(described()))).toMatchObject({ id: 'a' });
    const later = parseArchivedSong(JSON.stringify({ ...described(), quality: 'finest' }));
    expect(later).toMatchObject({ id: 'a' });
    expect(later?.quality).toBeUndefined();
  });
});

describe('the same song', () => {
  const model = { origin: 'built-in', id: 'spleeter' } as const;
  const song = (id: string, quality?: ArchivedSong['quality']) => ({
    ...newEntry(id, { fileName: 'a.mp3', file: new Blob([]) }),
    madeWith: { model, quality },
  });
  const keys = new FileKeys();
  keys.set('a', 'ab');
  keys.set('b', 'ab');

  test.each([
    ['fast', 'fast', true],
    ['best', 'fast', false],
    // Nobody asked for one, or the model has only one.
    ['best', undefined, true],
    [undefined, 'fast', true],
  ] as const)('is one of quality %s where %s is asked for: %s', async (own, quality, same) => {
    const other = song('b', own);
    expect(await sameSong(song('a'), { model, quality }, [other], keys)).toBe(same ? other : undefined);
  });
});
