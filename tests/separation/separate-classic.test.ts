import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AudioData } from '../../src/audio/audio-data.ts';
import { toMono } from '../../src/audio/mixdown.ts';
import { resample } from '../../src/audio/resample.ts';
import { prepareBackends } from '../../src/model/backend.node.ts';
import { importCheckpoint } from '../../src/model/import/import-checkpoint.ts';
import { loadModel } from '../../src/model/load.ts';
import { MaskModel } from '../../src/model/mask-model.ts';
import type { Predictor } from '../../src/model/predictor.ts';
import { separate } from '../../src/separation/separate.ts';
import type { SeparationChunk, SeparationOptions } from '../../src/separation/types.ts';
import { readSong } from '../../tools/lib/read-song.ts';
import { fakeModel, greatestDifference, network, noise, OF_ACCOMPANIMENT, rms, sine } from './fake-model.ts';

const IMPORT = join(import.meta.dirname, '../fixtures/import');

async function classic(song: AudioData, model: Predictor, options: SeparationOptions = {}) {
  const chunks: SeparationChunk[] = [];
  for await (const chunk of separate(song, model, { ...options, classic: true })) chunks.push(chunk);
  const joined = (part: (chunk: SeparationChunk) => Float32Array) => {
    const whole = new Float32Array(chunks.at(-1)!.doneSamples);
    for (const chunk of chunks) whole.set(part(chunk), chunk.start);
    return whole;
  };
  return {
    chunks,
    vocals: joined((chunk) => chunk.vocals[0]),
    accompaniment: joined((chunk) => chunk.accompaniment[0]),
  };
}

const SONG: AudioData = { sampleRate: 8192, channels: [noise(300_000, 1), noise(300_000, 2)] };

describe('separation in the classic way', () => {
  it('gives stems in mono, at the model’s rate, whose sum is the mono mix', async () => {
    const song = { sampleRate: 44100, channels: [noise(500_000, 3), noise(500_000, 4)] };
    const mono = await resample(toMono(song), 44100, 8192);
    const { vocals, accompaniment, chunks } = await classic(
      song,
      fakeModel((_, frame) => frame / 128),
    );
    expect(chunks[0].vocals).toHaveLength(1);
    expect(chunks.at(-1)!.totalSamples).toBe(mono.length);
    const sum = vocals.map((value, n) => value + accompaniment[n]);
    expect(greatestDifference(sum, mono)).toBeLessThan(1e-6);
    expect(rms(vocals)).toBeGreaterThan(0.1 * rms(mono));
  });

  it('gives pieces in order without a gap, and the columns of the pictures with them', async () => {
    const { chunks } = await classic(
      SONG,
      fakeModel(() => 2),
    );
    let samples = 0;
    let frames = 0;
    for (const chunk of chunks) {
      expect([chunk.start, chunk.picture.firstFrame]).toEqual([samples, frames]);
      samples += chunk.vocals[0].length;
      frames += chunk.picture.frames;
      expect(chunk.doneSamples).toBe(samples);
      expect(chunk.accompaniment[0]).toHaveLength(chunk.vocals[0].length);
      expect(chunk.picture.mask).toHaveLength(chunk.picture.frames * 512);
      expect(chunk.picture.mask.every((value) => value === 1)).toBe(true);
    }
    expect(samples).toBe(300_000);
    expect(frames).toBe(Math.floor(300_000 / 768) + 1);
    expect(chunks[0].scale.frames).toBe(frames);
  });

  it('lays patches end to end, whatever the batch', async () => {
    const rule = (patch: number, frame: number, bin: number) => ((patch * 31 + frame * 7 + bin) % 10) / 10;
    const one = fakeModel(rule);
    const three = fakeModel(rule);
    const a = await classic(SONG, one);
    const b = await classic(SONG, three, { batchSize: 3 });
    expect(one.calls).toEqual([1, 1, 1, 1]);
    expect(three.calls).toEqual([1, 3]);
    expect(greatestDifference(a.vocals, b.vocals)).toBeLessThan(1e-6);
  });

  it('masks 0 Hz out, and nothing else, where the network’s mask is 1', async () => {
    const tone = sine(1000, 8192, 100_000);
    const song = { sampleRate: 8192, channels: [tone.map((value) => value + 0.25)] };
    const { vocals, accompaniment } = await classic(
      song,
      fakeModel(() => 1),
    );
    // Away from the ends, where the constant has other frequencies too: half of it is in bin 1, by the window.
    const middle = (signal: Float32Array) => signal.slice(20_000, 80_000);
    const removed = middle(accompaniment).reduce((sum, value) => sum + value, 0) / 60_000;
    expect(removed).toBeGreaterThan(0.1);
    expect(rms(vocals.map((value, n) => value - tone[n]).slice(20_000, 80_000))).toBeLessThan(0.25);
    // The rest after the last frame’s centre is accompaniment.
    const end = 768 * Math.floor(100_000 / 768);
    expect(vocals.slice(end).every((value) => value === 0)).toBe(true);
    expect(greatestDifference(accompaniment.slice(end), song.channels[0].slice(end))).toBe(0);
  });

  it('makes the mask hard where that is wanted', async () => {
    const rule = (_: number, frame: number) => (frame % 2 === 0 ? 0.6 : 0.4);
    const hard = await classic(SONG, fakeModel(rule), { mask: { kind: 'hard' } });
    const known = await classic(
      SONG,
      fakeModel((_, frame) => 1 - (frame % 2)),
    );
    expect(greatestDifference(hard.vocals, known.vocals)).toBe(0);
  });

  it('takes the mask of a network for the accompaniment as that of the accompaniment', async () => {
    const rule = (_: number, frame: number, bin: number) => ((frame + bin) % 5) / 4;
    const voice = await classic(SONG, fakeModel(rule));
    const backing = await classic(SONG, fakeModel(rule, OF_ACCOMPANIMENT));
    expect(greatestDifference(backing.vocals.slice(0, 299_520), voice.accompaniment.slice(0, 299_520))).toBeLessThan(
      1e-6,
    );
    expect(backing.chunks[0].picture.mask[3]).toBeCloseTo(1 - voice.chunks[0].picture.mask[3], 6);
  });

  it('gives the network the greatest magnitude of all bins, 0 Hz included', async () => {
    const song = { sampleRate: 8192, channels: [new Float32Array(60_000).fill(0.5)] };
    const maxima: (number | undefined)[] = [];
    const model = fakeModel(() => 0, { normalisation: { kind: 'song-maximum' } });
    const watching: Predictor = {
      manifest: model.manifest,
      predict(patches, count, maximum) {
        maxima.push(maximum);
        return model.predict(patches, count);
      },
    };
    await classic(song, watching);
    // Half the window’s length times 0.5: the mirrored ends continue the constant.
    expect(maxima[0]).toBeCloseTo(256, 3);
  });

  it('uses a magnitude as it is: more than the mixture’s, and in silence', async () => {
    const song = { sampleRate: 8192, channels: [noise(100_000).fill(0, 50_000)] };
    // Ten times the mixture; where that is silent, a tone in every frame.
    const rule = (_: number, __: number, bin: number, magnitude: number) => 10 * magnitude || (bin === 20 ? 100 : 0);
    const loud = fakeModel(rule, { networks: { vocals: { ...network, output: 'magnitude' } } });
    const { vocals } = await classic(song, loud);
    expect(rms(vocals, 10_000, 40_000)).toBeCloseTo(10 * rms(song.channels[0], 10_000, 40_000), 1);
    expect(rms(vocals, 60_000, 90_000)).toBeGreaterThan(0.1);
    const hard = await classic(song, loud, { mask: { kind: 'hard' } });
    expect(rms(hard.vocals, 60_000)).toBe(0);
  });

  it('ends at the next patch when it is cancelled', async () => {
    const stop = new AbortController();
    const model = fakeModel(() => 1);
    const run = async () => {
      for await (const _ of separate(SONG, model, { classic: true, signal: stop.signal })) stop.abort();
    };
    await expect(run()).rejects.toThrow(/abort/i);
    expect(model.calls).toHaveLength(1);
  });

  it('gives a song shorter than a hop back as accompaniment', async () => {
    const song = { sampleRate: 8192, channels: [noise(100)] };
    const { vocals, accompaniment } = await classic(
      song,
      fakeModel(() => 1),
    );
    expect(vocals.every((value) => value === 0)).toBe(true);
    expect(greatestDifference(accompaniment, song.channels[0])).toBe(0);
  });
});

interface Reference {
  readonly samples: number;
  readonly excerptSamples: number;
  readonly chainer: SystemReference;
  readonly tensorflow: SystemReference;
}

interface SystemReference {
  readonly starts: readonly number[];
  readonly samples: number;
  readonly steps: Readonly<Record<string, number>>;
}

const REFERENCE: Reference = JSON.parse(readFileSync(join(IMPORT, 'classic/values.json'), 'utf8'));

async function importFixture(folder: string, presetId: string, names: readonly string[]): Promise<MaskModel> {
  const files = names.map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(IMPORT, folder, name))) }));
  const built = await importCheckpoint(files, presetId, { id: folder, dtype: 'float32' });
  const reader = { where: `${folder}/`, read: async (path: string) => built.files.get(path)!.slice() };
  return MaskModel.create(await loadModel(reader), 'wasm');
}

/** Decibels of the difference of the excerpts that Python wrote, relative to them. */
function relativeDifference(system: 'chainer' | 'tensorflow', name: string, stem: Float32Array): number {
  const { starts, steps } = REFERENCE[system];
  const { buffer } = Uint8Array.from(readFileSync(join(IMPORT, 'classic', `${system}-${name}.i16`)));
  const excerpts = new Int16Array(buffer);
  let signal = 0;
  let difference = 0;
  excerpts.forEach((value, n) => {
    const start = starts[Math.floor(n / REFERENCE.excerptSamples)];
    const expected = value * steps[name];
    signal += expected ** 2;
    difference += (expected - stem[start + (n % REFERENCE.excerptSamples)]) ** 2;
  });
  return 10 * Math.log10(difference / signal);
}

describe('the demo song, separated in the classic way with a checkpoint of', () => {
  let song: AudioData;
  beforeAll(async () => {
    prepareBackends();
    song = await readSong(join(import.meta.dirname, '../../public/demo/mixture.mp3'));
  });

  it.each([
    ['chainer', 'chainer-unet', ['unet.model']],
    ['tensorflow', 'tf-unet', ['model.ckpt-400.index', 'model.ckpt-400.data-00000-of-00001']],
  ] as const)('%s, is what the system’s own processing in Python gives, to −60 dB', async (system, preset, names) => {
    const model = await importFixture(system, preset, names);
    const soft = await classic(song, model, { batchSize: 2 });
    expect(soft.vocals).toHaveLength(REFERENCE.samples);
    expect(relativeDifference(system, 'soft-vocals', soft.vocals)).toBeLessThan(-60);
    expect(relativeDifference(system, 'soft-accompaniment', soft.accompaniment)).toBeLessThan(-60);
    const hard = await classic(song, model, { mask: { kind: 'hard' } });
    expect(relativeDifference(system, 'hard-vocals', hard.vocals)).toBeLessThan(-60);
    await model.dispose();
    expect(tf.memory().numTensors).toBe(0);
  });
});
