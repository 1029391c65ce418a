import { describe, expect, it } from 'vitest';
import type { AudioData } from '../../src/audio/audio-data.ts';
import { createResampler, RESAMPLER_REACH, resample, resamplerPeriod } from '../../src/audio/resample.ts';
import { Ranges } from '../../src/core/ranges.ts';
import type { ModelManifest } from '../../src/model/manifest.ts';
import { MixtureFrames } from '../../src/separation/mixture-frames.ts';
import { Priority } from '../../src/separation/priority.ts';
import { separate } from '../../src/separation/separate.ts';
import type { SeparationChunk, SeparationOptions } from '../../src/separation/types.ts';
import { fakeModel, greatestDifference, manifest, noise, SHORT_PATCHES } from './fake-model.ts';

/** A mask that depends on the patch's content and on the position in it, like a network's mask. */
const lively = (_patch: number, frame: number, bin: number, magnitude: number) =>
  0.5 + 0.5 * Math.sin(magnitude * 3 + bin * 0.1 + frame * 0.05);

interface Gathered {
  readonly stems: Float32Array[];
  readonly mask: Float32Array;
  readonly chunks: SeparationChunk[];
  readonly patches: number;
}

/** Joins all chunks; each sample must come once. `jumps`: chunk number → sample to jump to. */
async function gather(
  song: AudioData,
  options: SeparationOptions = {},
  jumps: Readonly<Record<number, number>> = {},
  changes: Partial<ModelManifest> = {},
): Promise<Gathered> {
  const samples = song.channels[0].length;
  const stems = [...song.channels, ...song.channels].map(() => new Float32Array(samples).fill(9));
  const times = new Uint8Array(samples);
  const chunks: SeparationChunk[] = [];
  const model = fakeModel(lively, changes);
  const priority = new Priority();
  let mask = new Float32Array(0);
  for await (const chunk of separate(song, model, { ...options, priority })) {
    if (mask.length === 0) mask = new Float32Array(chunk.scale.frames * chunk.scale.bins).fill(9);
    mask.set(chunk.spectrogram.mask, chunk.spectrogram.firstFrame * chunk.scale.bins);
    [...chunk.vocals, ...chunk.accompaniment].forEach((stem, n) => {
      stems[n].set(stem, chunk.start);
    });
    const length = chunk.vocals[0].length;
    for (let n = chunk.start; n < chunk.start + length; n++) times[n]++;
    chunks.push(chunk);
    const jump = jumps[chunks.length - 1];
    if (jump !== undefined) priority.at(jump);
  }
  expect(times.every((count) => count === 1)).toBe(!options.done);
  return { stems, mask, chunks, patches: model.calls.reduce((sum, count) => sum + count, 0) };
}

const contains = (chunk: SeparationChunk, sample: number) =>
  chunk.start <= sample && sample < chunk.start + chunk.vocals[0].length;

describe('a separation with changing priority', () => {
  it.each<[string, number, 1 | 2, SeparationOptions, Partial<ModelManifest>?]>([
    ['44.1 kHz', 44100, 1, {}],
    ['the model’s own rate', 8192, 1, {}],
    ['48 kHz, batches of 4', 48000, 1, { batchSize: 4 }],
    ['a rate whose first stage of resampling is no whole number', 22049, 1, {}],
    ['no overlap, stereo', 16000, 2, { overlap: 0 }],
    ['an overlap of three quarters', 16000, 1, { overlap: 0.75 }],
    ['a mask for each channel', 16000, 2, { batchSize: 4 }, { channels: 2 }],
    ['a mono song, of a model of two channels', 16000, 1, {}, { channels: 2 }],
  ])('gives what the straight way gives: %s', async (_name, sampleRate, channels, options, changes) => {
    const song = { sampleRate, channels: Array.from({ length: channels }, (_, c) => noise(sampleRate * 16, c + 1)) };
    const short = { ...SHORT_PATCHES, ...changes };
    const straight = await gather(song, options, {}, short);
    // Far ahead, back, into what is there, to the last moment.
    const jumps = { 0: 10.5 * sampleRate, 1: 5.7 * sampleRate, 2: 10.75 * sampleRate, 3: 16 * sampleRate - 10 };
    const jumped = await gather(song, options, jumps, short);
    jumped.stems.forEach((stem, n) => {
      expect(greatestDifference(stem, straight.stems[n])).toBeLessThan(1e-4);
    });
    expect(greatestDifference(jumped.mask, straight.mask)).toBeLessThan(1e-4);
    expect(straight.chunks.map(({ start }) => start)).toEqual(
      straight.chunks.map(({ start }) => start).sort((a, b) => a - b),
    );
    expect(jumped.chunks.some(({ start }, n) => start < (jumped.chunks[n - 1]?.start ?? 0))).toBe(true);
    expect(jumped.chunks.at(-1)!.doneSamples).toBe(song.channels[0].length);
  });

  it('goes there with the next patch, and then on from there before it goes back', async () => {
    const song = { sampleRate: 8192, channels: [noise(8192 * 30)] };
    for (const seconds of [7.5, 11.8, 22, 29.9]) {
      const target = Math.round(seconds * 8192);
      const { chunks } = await gather(song, {}, { 1: target }, SHORT_PATCHES);
      expect(contains(chunks[2], target)).toBe(true);
      const after = chunks.slice(2);
      const end = after.findIndex(({ start, vocals }) => start + vocals[0].length === 8192 * 30);
      for (let n = 1; n <= end; n++) expect(after[n].start).toBe(after[n - 1].start + after[n - 1].vocals[0].length);
      const before = chunks[1].start + chunks[1].vocals[0].length;
      // What was left out on the way there. Nothing is, where the next patch has the place.
      expect((after[end + 1] ?? chunks[2]).start).toBe(before);
      if (target > before + 3 * 8192) expect(after[end + 1]).toBeDefined();
    }
  });

  it('runs on two patches more for each jump, at most', async () => {
    const song = { sampleRate: 8192, channels: [noise(8192 * 30)] };
    const straight = await gather(song, {}, {}, SHORT_PATCHES);
    const jumped = await gather(song, {}, { 0: 8192 * 17.5, 3: 8192 * 7.5 }, SHORT_PATCHES);
    expect(jumped.patches - straight.patches).toBeLessThanOrEqual(4);
  });

  it('separates only the missing parts', async () => {
    const song = { sampleRate: 8192, channels: [noise(8192 * 60)] };
    const straight = await gather(song);
    const done = [
      { start: 0, end: 100_001 },
      { start: 200_003, end: 400_007 },
    ];
    const rest = await gather(song, { done });
    const made = new Ranges(rest.chunks.map(({ start, vocals }) => ({ start, end: start + vocals[0].length })));
    expect(made.list).toEqual(new Ranges(done).gaps(8192 * 60));
    for (const { start, vocals } of rest.chunks) {
      const same = straight.stems[0].subarray(start, start + vocals[0].length);
      expect(greatestDifference(vocals[0], same)).toBeLessThan(1e-4);
    }
  });
});

describe('MixtureFrames from a later frame', () => {
  it.each([8192, 16000, 22050, 44100, 96000])('are those of the whole song, at %i Hz', async (sampleRate) => {
    const song = { sampleRate, channels: [noise(sampleRate * 11)] };
    const read = async (first: number, count: number) => {
      const mixture = await MixtureFrames.open(song, manifest, undefined, first);
      const out = new Float32Array(count * 512);
      await mixture.read(count, out, 0);
      mixture.dispose();
      return out;
    };
    const whole = await read(0, 127);
    for (const first of [1, 2, 11, 100, 114]) {
      const part = await read(first, 127 - first);
      expect(greatestDifference(part, whole.subarray(first * 512))).toBeLessThan(1e-4);
    }
  });
});

describe('resamplerPeriod', () => {
  it.each([
    [44100, 8192],
    [192000, 8192],
    [22049, 8192],
    [8000, 16000],
  ])('is a valid start of a stream, from %i to %i Hz', async (from, to) => {
    const period = resamplerPeriod(from, to);
    const signal = noise(2 * period + from);
    const whole = await resample(signal, from, to);
    const resampler = await createResampler(from, to);
    const part = resampler.process(signal.subarray(period)).slice();
    resampler.dispose();
    const first = (period * to) / from;
    const reach = Math.ceil(RESAMPLER_REACH * to);
    const error = greatestDifference(part.subarray(reach), whole.subarray(first + reach, first + part.length));
    expect(error).toBeLessThan(1e-5);
  });
});

describe('Priority', () => {
  it('keeps the last value until it is taken, and passes it on to a listener', () => {
    const priority = new Priority();
    priority.at(1);
    priority.at(2);
    expect([priority.take(), priority.take()]).toEqual([2, undefined]);
    const heard: number[] = [];
    priority.at(3);
    const stop = priority.listen((sample) => heard.push(sample));
    priority.at(4);
    stop();
    priority.at(5);
    expect([heard, priority.take()]).toEqual([[3, 4], 5]);
  });
});
