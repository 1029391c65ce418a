import { join } from 'node:path';
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
