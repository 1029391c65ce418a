import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { probe } from '../../../src/audio/decode/probe-audio.ts';

const probeFile = async (file: string): ReturnType<typeof probe> =>
  probe(await readFile(new URL(`../../fixtures/audio/${file}`, import.meta.url)));

test.each([
  ['wav16.wav', 'WAVE', 'pcm-s16', 44100, 2],
  ['rate192k.wav', 'WAVE', 'pcm-s16', 192000, 1],
  ['rate8k.wav', 'WAVE', 'pcm-s16', 8000, 1],
  ['cbr.mp3', 'MP3', 'mp3', 44100, 2],
  ['vorbis.ogg', 'Ogg', 'vorbis', 44100, 2],
  ['opus.opus', 'Ogg', 'opus', 48000, 2],
  ['flac.flac', 'FLAC', 'flac', 44100, 2],
  ['aac.m4a', 'MP4', 'aac', 44100, 2],
  ['adts.aac', 'ADTS', 'aac', 44100, 2],
  ['opus.webm', 'WebM', 'opus', 48000, 2],
  ['vorbis.webm', 'WebM', 'vorbis', 44100, 2],
  ['video-with-sound.mp4', 'MP4', 'aac', 44100, 2],
  ['surround51.m4a', 'MP4', 'aac', 48000, 6],
] as const)('%s is %s with %s at %d Hz in %d channels', async (file, container, codec, sampleRate, channels) => {
  expect(await probeFile(file)).toEqual({ kind: 'audio', container, codec, sampleRate, channels, empty: false });
});

test('a WAV file that ends after its header has no samples', async () => {
  expect(await probeFile('no-samples.wav')).toMatchObject({ kind: 'audio', empty: true });
});

test('a video without sound, a picture, a text and a file without its index are told apart', async () => {
  expect((await probeFile('video-without-sound.mp4')).kind).toBe('no-audio');
  expect((await probeFile('picture.png')).kind).toBe('image');
  expect((await probeFile('text.mp3')).kind).toBe('unknown');
  expect((await probeFile('truncated.m4a')).kind).toBe('damaged');
});

test('no bytes and few bytes are unknown, not an error', async () => {
  expect((await probe(new ArrayBuffer(0))).kind).toBe('unknown');
  expect((await probe(Uint8Array.of(0x52, 0x49, 0x46))).kind).toBe('unknown');
});
