import { describe, expect, test } from 'vitest';
import { stemTags, tagsOfName, uniteTags } from '../../../src/audio/tags/song-tags.ts';

test('of a field that several tags have, the first one is kept', () => {
  const united = uniteTags([{ title: 'First' }, { title: 'Second', bpm: 90 }, { bpm: 100, key: 'Am' }]);
  expect(united).toEqual({ title: 'First', bpm: 90, key: 'Am' });
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
    expect(stemTags({ artist: 'Somebody' }, 'Nobody - A song', 'Accompaniment')).toEqual({
      title: 'A song (Accompaniment)',
      artist: 'Somebody',
    });
  });
});
