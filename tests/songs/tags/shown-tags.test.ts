import { expect, test } from 'vitest';
import { nameByTags } from '../../../src/songs/tags/shown-tags.ts';

test.each([
  [{ artist: 'Björk', title: 'Jóga' }, 'Björk – Jóga'],
  [{ artist: 'A; B', title: ' Two\r\nlines\u0000 ' }, 'A; B – Two lines'],
  [{ title: 'Track 1' }, 'Track 1'],
  [{ artist: 'Nobody' }, undefined],
  [{ artist: ' \n', title: 'Track 1' }, 'Track 1'],
  [{ artist: 'Nobody', title: ' ' }, undefined],
  [{ artist: '😀'.repeat(1_000_000), title: 'Long' }, '😀'.repeat(300)],
])('a song with the tags %j is called “%s”', (tags, name) => {
  expect(nameByTags(tags)).toBe(name);
});
