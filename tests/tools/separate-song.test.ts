import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AudioData } from '../../src/audio/audio-data.ts';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import type { ModelManifest } from '../../src/model/manifest.ts';
import type { Predictor } from '../../src/model/predictor.ts';
import { separateSong } from '../../tools/lib/separate-song.ts';

/** The parts of a manifest that separation reads; small patches, so that a short song has several. */
const manifest = {
  target: 'vocals',
  output: 'mask',
  sampleRate: 8192,
  channels: 1,
  stft: { fftSize: 1024, windowLength: 1024, hop: 768, window: 'hann', centred: true },
  patch: { frames: 16, firstBin: 0, bins: 512 },
  normalisation: 'patch-maximum',
  compression: { kind: 'none' },
  highBand: { rule: 'mean', fromHz: 2000, gain: 1 },
} as unknown as ModelManifest;

/** A model whose mask is the same everywhere. */
const constantModel = (mask: number): Predictor => ({
  manifest,
  predict: async (patches) => new Float32Array(patches.length).fill(mask),
});

const SOURCE = { name: 'song', tags: { artist: 'Nobody' } };
const RATE = 22050;
const song: AudioData = {
  sampleRate: RATE,
  channels: [330, 550].map((hertz) =>
    Float32Array.from({ length: 5 * RATE + 1 }, (_, i) => 0.4 * Math.sin((2 * Math.PI * hertz * i) / RATE)),
  ),
};

/** Twice full scale, as some masters are between their samples. */
const LOUD: AudioData = {
  sampleRate: RATE,
  channels: song.channels.map((channel) => channel.map((value) => 5 * value)),
};

let folder: string;
const at = (...parts: string[]): string => join(folder, ...parts);
const read = async (path: string): Promise<AudioData> => decodeInNode(await readFile(path), path);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unsung-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('separateSong', () => {
  test.each([
    ['wav16', 2e-4],
    ['wav24', 1e-4],
    ['wav32f', 1e-4],
    ['flac', 1e-4],
  ] as const)(
    'writes %s stems of the song’s rate, channels and length that add up to it',
    async (format, tolerance) => {
      const paths = { vocals: at('new', 'folder', 'v.wav'), accompaniment: at('new', 'folder', 'a.wav') };
      await separateSong(song, constantModel(0.25), { paths, format, source: SOURCE, folder });
      const [vocals, accompaniment] = [await read(paths.vocals), await read(paths.accompaniment)];
      expect([vocals.sampleRate, accompaniment.sampleRate]).toEqual([RATE, RATE]);
      for (const [c, channel] of song.channels.entries()) {
        expect([vocals.channels[c].length, accompaniment.channels[c].length]).toEqual([channel.length, channel.length]);
        let sumError = 0;
        let maskError = 0;
        for (let i = 0; i < channel.length; i++) {
          sumError = Math.max(sumError, Math.abs(vocals.channels[c][i] + accompaniment.channels[c][i] - channel[i]));
          maskError = Math.max(maskError, Math.abs(vocals.channels[c][i] - 0.25 * channel[i]));
        }
        expect(sumError).toBeLessThan(tolerance);
        expect(maskError).toBeLessThan(tolerance);
      }
    },
  );

  test('tells how far it is, up to the end', async () => {
    const seen: (readonly [number, number])[] = [];
    const paths = { vocals: at('v.wav'), accompaniment: at('a.wav') };
    const onProgress = (done: number, total: number) => seen.push([done, total]);
    await separateSong(song, constantModel(1), { paths, format: 'wav16', source: SOURCE, folder, onProgress });
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.every(([done], i) => i === 0 || done > seen[i - 1][0])).toBe(true);
    expect(seen.at(-1)).toEqual([song.channels[0].length / RATE, song.channels[0].length / RATE]);
  });

  test('keeps stems over full scale as they are where no format is chosen, and says so', async () => {
    const paths = { vocals: at('v.wav'), accompaniment: at('a.wav') };
    const source = { ...SOURCE, depth: 16 };
    const written = await separateSong(LOUD, constantModel(0.25), { paths, source, folder });
    expect(written.format).toBe('wav32f');
    expect(written.notes.map(({ code }) => code)).toEqual(['export.float-for-level']);
    const accompaniment = await read(paths.accompaniment);
    // Three quarters of an amplitude of 2.
    expect(Math.max(...accompaniment.channels[0])).toBeCloseTo(1.5, 2);
  });

  test('makes both stems quieter by the same gain where a chosen format would cut them off', async () => {
    const paths = { vocals: at('v.wav'), accompaniment: at('a.wav') };
    const output = { paths, format: 'wav24', source: SOURCE, folder } as const;
    const written = await separateSong(LOUD, constantModel(0.25), output);
    expect(written.format).toBe('wav24');
    expect(written.notes.map(({ code }) => code)).toEqual(['export.quieter']);
    const [vocals, accompaniment] = [await read(paths.vocals), await read(paths.accompaniment)];
    expect(Math.max(...accompaniment.channels[0])).toBeCloseTo(1, 2);
    expect(Math.max(...vocals.channels[0])).toBeCloseTo(1 / 3, 2);
  });

  test('leaves no file behind when the network fails half-way', async () => {
    let calls = 0;
    const failing: Predictor = {
      manifest,
      async predict(patches) {
        if (++calls === 3) throw new Error('The device is gone.');
        return new Float32Array(patches.length);
      },
    };
    const paths = { vocals: at('v.wav'), accompaniment: at('a.wav') };
    await expect(separateSong(song, failing, { paths, format: 'wav16', source: SOURCE, folder })).rejects.toThrow(
      'The device is gone.',
    );
    expect(await readdir(folder)).toEqual([]);
  });
});
