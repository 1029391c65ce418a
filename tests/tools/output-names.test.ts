import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { stemPaths } from '../../tools/lib/output-names.ts';

const vocals = (inputs: readonly string[], folder?: string): string[] =>
  stemPaths(inputs, folder).map((paths) => paths.vocals);

test('stems lie beside the song, or in the folder that is named', () => {
  expect(stemPaths(['music/song.mp3'])).toEqual([
    { vocals: join('music', 'song.vocals.wav'), accompaniment: join('music', 'song.accompaniment.wav') },
  ]);
  expect(vocals(['music/song.mp3'], 'out')).toEqual([join('out', 'song.vocals.wav')]);
});

test('only the last ending is taken off the name', () => {
  expect(vocals(['a.live.flac', 'b'])).toEqual(['a.live.vocals.wav', 'b.vocals.wav']);
});

test('songs of one name do not overwrite each other', () => {
  expect(vocals(['a/song.mp3', 'b/song.mp3', 'c/Song.wav'], 'out')).toEqual(
    ['song', 'song-2', 'Song-3'].map((name) => join('out', `${name}.vocals.wav`)),
  );
  expect(vocals(['song.mp3', 'song.wav'])).toEqual(['song.vocals.wav', 'song-2.vocals.wav']);
  expect(vocals(['a/song.mp3', 'b/song.mp3'])).toEqual([join('a', 'song.vocals.wav'), join('b', 'song.vocals.wav')]);
});

test('a number that is taken by another song is passed over', () => {
  expect(vocals(['song-2.mp3', 'song.mp3', 'song.wav'])).toEqual([
    'song-2.vocals.wav',
    'song.vocals.wav',
    'song-3.vocals.wav',
  ]);
});

test('no input is written over', () => {
  expect(vocals(['song.mp3', 'song.vocals.wav'])).toEqual(['song-2.vocals.wav', 'song.vocals.vocals.wav']);
});

test('a name that is too long is cut at whole characters, the same for both stems, and stays its own', () => {
  // A file system takes 255 bytes: each of these letters has three.
  const long = '歌'.repeat(83);
  const names = stemPaths([`a/${long}.mp3`, `a/${long}x.mp3`]).map(({ vocals, accompaniment }) => [
    basename(vocals, '.vocals.wav'),
    basename(accompaniment, '.accompaniment.wav'),
  ]);
  expect(names.every(([vocals, accompaniment]) => vocals === accompaniment)).toBe(true);
  expect(names[0][0]).toMatch(/^歌{50,}$/);
  expect(names[1][0]).toMatch(/^歌{50,}-2$/);
  for (const [name] of names) expect(Buffer.byteLength(`${name}.accompaniment.wav.part`)).toBeLessThanOrEqual(255);
});

test('a name stays as it is as long as its stems’ names fit while they are written', () => {
  const fits = 'a'.repeat(255 - '.accompaniment.wav.part'.length);
  expect(vocals([`${fits}.mp3`, `${fits}b.mp3`]).map((path) => basename(path, '.vocals.wav').length)).toEqual([
    fits.length,
    200 - '.accompaniment.wav'.length,
  ]);
});

test('standard input gives a name of its own, in the folder of the process', () => {
  expect(vocals(['-'])).toEqual(['stdin.vocals.wav']);
});
