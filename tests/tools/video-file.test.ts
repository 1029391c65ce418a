import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { videoTarget } from '../../src/containers/file-types.ts';
import { createNiStemsFile } from '../../tools/lib/ni-stems-file.ts';
import { createVideoFile, openVideo, videoExtension } from '../../tools/lib/video-file.ts';
import { reference, SHAPE, SINES, sines, tracksIn } from '../containers/videos.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
const { signal } = new AbortController();

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unsung-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});
const read = async (name: string) => tracksIn(new Blob([await readFile(join(folder, name))]));

describe('createVideoFile', () => {
  test('copies the picture around the sound, and leaves no other file', async () => {
    const video = await openVideo(fixture('video/two-sounds.mp4'));
    const target = await videoTarget(video.container, SHAPE);
    const name = `song.vocals.${target.container}`;
    const file = await createVideoFile(join(folder, name), video, target, SHAPE, {}, signal);
    // In pieces, as a separation gives them.
    for (let from = 0; from < SHAPE.samples; from += 30_000) {
      await file.write(SINES.map((sine) => sine.subarray(from, from + 30_000)));
    }
    await file.finish();
    await file.discard();
    expect(await readdir(folder)).toEqual(['song.vocals.mp4']);
    const [picture, sound] = await read(name);
    const [expected] = await reference('two-sounds.mp4');
    expect(picture.packets.map(({ md5 }) => md5)).toEqual(expected.packets.map(({ md5 }) => md5));
    expect(sound.packets).toEqual((await tracksIn(await sines('m4a')))[0].packets);
  });

  test('becomes Matroska where the container needs Opus, which Node cannot encode', async () => {
    const { container } = await openVideo(fixture('video/plain.webm'));
    expect(await videoTarget(container, SHAPE)).toEqual({ container: 'mkv', format: 'flac' });
    expect(await videoExtension(fixture('video/plain.webm'))).toBe('mkv');
  });

  test('refuses a file without a picture', async () => {
    await expect(openVideo(fixture('audio/mono.m4a'))).rejects.toThrow('has no picture');
  });

  test('leaves nothing when it is discarded or interrupted', async () => {
    const video = await openVideo(fixture('video/two-sounds.mkv'));
    const target = await videoTarget(video.container, SHAPE);
    const path = join(folder, 'song.mkv');
    const discarded = await createVideoFile(path, video, target, SHAPE, {}, signal);
    await discarded.write(SINES);
    await discarded.discard();
    const stopped = await createVideoFile(path, video, target, SHAPE, {}, AbortSignal.abort(new Error('stop')));
    await stopped.write(SINES);
    await expect(stopped.finish()).rejects.toThrow('stop');
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('createNiStemsFile', () => {
  test('writes mixture, stems and silence as five stereo tracks, and leaves no other file', async () => {
    const path = join(folder, 'song.stem.mp4');
    const mono = { ...SHAPE, channels: 1 };
    const file = await createNiStemsFile(path, mono, { name: 'Nobody - Song', tags: {} }, signal);
    await file.write([SINES[0]], [SINES[1]]);
    await file.finish();
    await file.discard();
    expect(await readdir(folder)).toEqual(['song.stem.mp4']);
    const tracks = await read('song.stem.mp4');
    expect(tracks.map(({ kind, codec }) => `${kind} ${codec}`)).toEqual(new Array(5).fill('audio aac'));
    // The sounds differ, but for the two silent ones.
    const contents = tracks.map(({ packets }) => packets.map(({ md5 }) => md5).join());
    expect(new Set(contents).size).toBe(4);
    expect(contents[3]).toBe(contents[4]);
    expect((await readFile(path)).includes('"version":1,"stems":[{"name":"Vocals"')).toBe(true);
  });

  test('leaves nothing when it is discarded', async () => {
    const path = join(folder, 'song.stem.mp4');
    const file = await createNiStemsFile(path, SHAPE, { name: 'Song', tags: {} }, signal);
    await file.write(SINES, SINES);
    await file.discard();
    expect(await readdir(folder)).toEqual([]);
  });
});
