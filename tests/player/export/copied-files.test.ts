import { ALL_FORMATS, BlobSource, Input } from 'mediabunny';
import { beforeEach, describe, expect, test } from 'vitest';
import { memorySink } from '../../../src/audio/encode/byte-sink.ts';
import { ExportError } from '../../../src/core/errors.ts';
import { type ExportRequest, exportFileName } from '../../../src/player/export/export-request.ts';
import type { MixSettings } from '../../../src/player/export/mix-settings.ts';
import { runExport } from '../../../src/player/export/run-export.ts';
import { songSource } from '../../../src/songs/storage/song-source.ts';
import { reference, SHAPE, SINES, soundFile, tracksIn, video } from '../../containers/videos.ts';
import { memoryFiles } from './memory-files.ts';

const { sampleRate } = SHAPE;
const [voice, band] = SINES;
const original = { sampleRate, channels: [voice.map((value, i) => value / 2 + band[i] / 4)] };
const vocals = { sampleRate, channels: [voice.map((value) => value / 2)] };
const accompaniment = [band.map((value) => value / 4)];
const MONO = { ...SHAPE, channels: 1 };

/** A mix with all that can be set; speed and loop do not fit the picture. */
const MIX: MixSettings = {
  levels: { vocals: 0.5, accompaniment: 1 },
  rateAndKey: { speed: 0.5, semitones: 0 },
  loop: { start: 1000, end: 20_000 },
};

describe('runExport of a video', () => {
  let files: ReturnType<typeof memoryFiles>;
  let parts: number[];

  beforeEach(() => {
    files = memoryFiles();
    parts = [];
  });

  async function run(request: Partial<ExportRequest>, signal = new AbortController().signal) {
    const sink = memorySink();
    const source = await video('two-sounds.mp4');
    const whole: ExportRequest = {
      kind: 'video-vocals',
      format: 'wav24',
      name: 'Nobody - A song',
      mix: MIX,
      video: { container: 'mp4', format: 'm4a', bytes: source.size },
      ...request,
    };
    const result = await runExport(whole, {
      source: songSource(original, vocals),
      tags: {},
      video: source,
      sink,
      temporary: files.temporary,
      signal,
      onProgress: (part) => parts.push(part),
    });
    return { result, name: exportFileName(whole), file: new Blob(sink.pieces()) };
  }

  /** MD5 of the packets of samples that are encoded alone. */
  const packetsOf = async (channels: readonly Float32Array<ArrayBuffer>[]) =>
    (await tracksIn(await soundFile('m4a', MONO, [...channels])))[0].packets;

  test('has the picture and the packets of the stem', async () => {
    const { file, name } = await run({});
    expect(name).toBe('Nobody - A song (Vocals).mp4');
    const [picture, sound] = await tracksIn(file);
    const [expected] = await reference('two-sounds.mp4');
    expect(picture.packets.map(({ md5 }) => md5)).toEqual(expected.packets.map(({ md5 }) => md5));
    expect(sound.packets).toEqual(await packetsOf(vocals.channels));
  });

  test('has the levels of the mix, over the whole picture at its own speed', async () => {
    const { file, name } = await run({ kind: 'video-mix' });
    expect(name).toBe('Nobody - A song (Mix).mp4');
    const mixed = original.channels[0].map((value, i) => value - vocals.channels[0][i] / 2);
    const sound = (await tracksIn(file)).find(({ kind }) => kind === 'audio');
    expect(sound?.packets.length).toBe((await packetsOf([mixed])).length);
    expect(sound?.packets.at(-1)?.duration).toBeCloseTo((await packetsOf([mixed])).at(-1)?.duration ?? 0, 6);
  });

  test('has a progress that rises to 1, and leaves no temporary file', async () => {
    await run({ kind: 'video-accompaniment' });
    expect(parts).toEqual([...parts].sort((a, b) => a - b));
    expect(parts.at(-1)).toBeCloseTo(1, 9);
    expect(files.open).toEqual([]);
  });

  test('fails where the song’s file is gone', async () => {
    const failed = run({ video: undefined });
    await expect(failed).rejects.toBeInstanceOf(ExportError);
  });

  test('ends with the signal, and leaves no temporary file', async () => {
    await expect(run({}, AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
    expect(files.open).toEqual([]);
  });

  test('NI Stems have the mixture, the stems and silence in stereo, and their tags', async () => {
    const { file, name } = await run({ kind: 'stems' });
    expect(name).toBe('Nobody - A song.stem.mp4');
    const tracks = await tracksIn(file);
    expect(tracks.length).toBe(5);
    const expected = [original.channels, vocals.channels, accompaniment].map(([channel]) => [channel, channel]);
    for (const [index, channels] of expected.slice(0, 2).entries()) {
      const [alone] = await tracksIn(await soundFile('m4a', SHAPE, channels));
      expect(tracks[index].packets.map(({ md5 }) => md5)).toEqual(alone.packets.map(({ md5 }) => md5));
    }
    const input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS });
    expect(await input.getMetadataTags()).toMatchObject({ title: 'A song', artist: 'Nobody' });
    expect(await Promise.all((await input.getAudioTracks()).map((track) => track.getNumberOfChannels()))).toEqual([
      2, 2, 2, 2, 2,
    ]);
    input.dispose();
    expect(files.open).toEqual([]);
  });
});
