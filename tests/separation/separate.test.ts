import { describe, expect, it } from 'vitest';
import type { AudioData } from '../../src/audio/audio-data.ts';
import { ParameterError } from '../../src/core/errors.ts';
import type { Predictor } from '../../src/model/predictor.ts';
import { separate } from '../../src/separation/separate.ts';
import type { SeparationChunk, SeparationOptions } from '../../src/separation/types.ts';
import {
  concatenate,
  fakeModel,
  greatestDifference,
  manifest,
  noise,
  OF_ACCOMPANIMENT,
  rms,
  SHORT_PATCHES,
  sine,
} from './fake-model.ts';

const RATE = 44100;

interface Whole {
  chunks: SeparationChunk[];
  vocals: Float32Array[];
  accompaniment: Float32Array[];
  mask: Float32Array;
  mixture: Float32Array;
}

async function whole(song: AudioData, model: Predictor, options?: SeparationOptions): Promise<Whole> {
  const chunks: SeparationChunk[] = [];
  for await (const chunk of separate(song, model, options)) chunks.push(chunk);
  const stem = (name: 'vocals' | 'accompaniment') =>
    song.channels.map((_, channel) => concatenate(chunks.map((chunk) => chunk[name][channel])));
  return {
    chunks,
    vocals: stem('vocals'),
    accompaniment: stem('accompaniment'),
    mask: concatenate(chunks.map((chunk) => chunk.spectrogram.mask)),
    mixture: concatenate(chunks.map((chunk) => chunk.spectrogram.mixture)),
  };
}

/** A mask that depends on the patch's content, like a network's mask. */
const lively = (_patch: number, frame: number, bin: number, magnitude: number) =>
  0.5 + 0.5 * Math.sin(magnitude * 3 + bin * 0.1 + frame * 0.05);

describe('separate', () => {
  it('gives stems that add up to the original', async () => {
    const song = { sampleRate: RATE, channels: [noise(RATE * 4, 1), noise(RATE * 4, 2)] };
    for (const mask of [{ kind: 'soft' }, { kind: 'hard' }, { kind: 'sharp', exponent: 3 }] as const) {
      const { vocals, accompaniment } = await whole(song, fakeModel(lively, SHORT_PATCHES), { mask });
      for (const channel of [0, 1]) {
        const sum = vocals[channel].map((value, n) => value + accompaniment[channel][n]);
        expect(greatestDifference(sum, song.channels[channel])).toBeLessThan(1e-6);
        expect(rms(vocals[channel])).toBeGreaterThan(0.05);
        expect(rms(accompaniment[channel])).toBeGreaterThan(0.05);
      }
    }
  });

  it('gives the same whatever the batch', async () => {
    const song = { sampleRate: RATE, channels: [noise(RATE * 13)] };
    const one = await whole(song, fakeModel(lively, SHORT_PATCHES), { batchSize: 1 });
    for (const batchSize of [2, 3, 16]) {
      const model = fakeModel(lively, SHORT_PATCHES);
      const many = await whole(song, model, { batchSize });
      expect(Math.max(...model.calls)).toBe(
        Math.min(
          batchSize,
          model.calls.reduce((sum, n) => sum + n, 0),
        ),
      );
      expect(greatestDifference(one.vocals[0], many.vocals[0])).toBeLessThan(1e-6);
      expect(greatestDifference(one.mask, many.mask)).toBe(0);
    }
  });

  it('gives the original as vocals where the mask is 1', async () => {
    const samples = RATE * 5;
    const song = { sampleRate: RATE, channels: [sine(440, RATE, samples), sine(6000, RATE, samples)] };
    const { vocals } = await whole(
      song,
      fakeModel(() => 1, SHORT_PATCHES),
    );
    // Except 0 Hz, which the spectrogram lacks, and which a sine has at its beginning and end.
    const inside = (signal: Float32Array) => signal.subarray(RATE, samples - RATE);
    for (const channel of [0, 1]) {
      expect(greatestDifference(inside(vocals[channel]), inside(song.channels[channel]))).toBeLessThan(1e-4);
    }
  });

  it.each([8000, 16000, 44100, 48000, 192000])('parts two tones by the mask at %i Hz', async (sampleRate) => {
    const samples = sampleRate * 5;
    const low = sine(500, sampleRate, samples);
    const high = sine(2500, sampleRate, samples);
    const song = { sampleRate, channels: [low.map((value, n) => value + high[n])] };
    // Bins are 8 Hz apart, from 8 Hz.
    const { vocals, accompaniment } = await whole(
      song,
      fakeModel((_p, _f, bin) => ((bin + 1) * 8 < 1500 ? 1 : 0), SHORT_PATCHES),
    );
    const inside = [sampleRate, samples - sampleRate] as const;
    const error = (stem: Float32Array, truth: Float32Array) =>
      rms(
        stem.map((v, n) => v - truth[n]),
        ...inside,
      );
    expect(error(vocals[0], low)).toBeLessThan(0.002);
    expect(error(accompaniment[0], high)).toBeLessThan(0.002);
  });

  it('keeps the channels separate', async () => {
    const song = { sampleRate: RATE, channels: [noise(RATE * 3), new Float32Array(RATE * 3)] };
    const { vocals } = await whole(song, fakeModel(lively));
    expect(rms(vocals[0])).toBeGreaterThan(0.05);
    expect(rms(vocals[1])).toBeLessThan(1e-7);
  });

  it('follows the mask in time', async () => {
    const samples = RATE * 11;
    const song = { sampleRate: RATE, channels: [noise(samples)] };
    // One patch with frames 93.75 ms apart. The voice begins at frame 40 (3.75 s).
    const { vocals } = await whole(
      song,
      fakeModel((_p, frame) => (frame >= 40 ? 1 : 0)),
    );
    expect(rms(vocals[0], 0, Math.round(3.5 * RATE))).toBeLessThan(1e-4);
    expect(rms(vocals[0], 4 * RATE, 10 * RATE)).toBeCloseTo(rms(song.channels[0], 4 * RATE, 10 * RATE), 2);
  });

  it('cross-fades from patch to patch without a step', async () => {
    const song = { sampleRate: 8192, channels: [noise(8192 * 60)] };
    const { mask, chunks } = await whole(
      song,
      fakeModel((patch) => (patch % 2 ? 0.9 : 0.1)),
    );
    expect(chunks.length).toBeGreaterThan(4);
    const column = Array.from({ length: mask.length / 512 }, (_, frame) => mask[frame * 512 + 100]);
    const steps = column.slice(1).map((value, frame) => Math.abs(value - column[frame]));
    expect(Math.max(...column)).toBeCloseTo(0.9, 5);
    expect(Math.min(...column)).toBeCloseTo(0.1, 5);
    // 0.8 over an overlap of 16 frames.
    expect(Math.max(...steps)).toBeLessThan(0.8 / 16 + 1e-6);
  });

  it('gives pieces and columns in order, without gap or overlap', async () => {
    const song = { sampleRate: RATE, channels: [noise(RATE * 11)] };
    const { chunks } = await whole(song, fakeModel(lively, SHORT_PATCHES), { batchSize: 2 });
    let sample = 0;
    let frame = 0;
    for (const chunk of chunks) {
      expect(chunk.start).toBe(sample);
      expect(chunk.spectrogram.firstFrame).toBe(frame);
      expect(chunk.spectrogram.mask.length).toBe(chunk.spectrogram.frames * 512);
      sample += chunk.vocals[0].length;
      frame += chunk.spectrogram.frames;
      expect(chunk.doneSamples).toBe(sample);
      expect(chunk.totalSamples).toBe(RATE * 11);
    }
    expect(sample).toBe(RATE * 11);
    expect(frame).toBe(chunks[0].scale.frames);
    expect(chunks[0].scale).toMatchObject({ firstBinHz: 8, binHz: 8, frameSeconds: 0.09375 });
  });

  it('returns a magnitude of 1 for a full-scale sine', async () => {
    const song = { sampleRate: 8192, channels: [sine(1000, 8192, 8192 * 5).map((value) => 2 * value)] };
    const { mixture } = await whole(
      song,
      fakeModel(() => 1),
    );
    // 1000 Hz is bin 125, at index 124 of the spectrogram.
    expect(mixture[20 * 512 + 124]).toBeCloseTo(1, 3);
  });

  it('uses masks as masks of the vocals, for any networks', async () => {
    const song = { sampleRate: 16000, channels: [noise(16000 * 12)] };
    const a = await whole(
      song,
      fakeModel(() => 0.25),
    );
    const b = await whole(
      song,
      fakeModel(() => 0.25, OF_ACCOMPANIMENT),
    );
    expect(greatestDifference(a.vocals[0], b.vocals[0])).toBe(0);
    expect(greatestDifference(a.mask, b.mask)).toBe(0);
  });

  it.each([1, 2, 100, 4096])('separates a song of %i samples', async (samples) => {
    const song = { sampleRate: RATE, channels: [noise(samples), noise(samples, 2)] };
    const { vocals, accompaniment } = await whole(
      song,
      fakeModel(() => 0.5),
    );
    const sum = vocals[1].map((value, n) => value + accompaniment[1][n]);
    expect(greatestDifference(sum, song.channels[1])).toBeLessThan(1e-6);
  });

  it('passes the song’s largest magnitude to a network that needs it', async () => {
    const song = {
      sampleRate: 8192,
      channels: [sine(1000, 8192, 8192 * 30).map((v, n) => (n < 8192 * 20 ? v / 10 : v))],
    };
    const seen: (number | undefined)[] = [];
    const model = fakeModel(() => 1, { normalisation: { kind: 'song-maximum' } });
    const spy: Predictor = {
      manifest: model.manifest,
      predict: (patches, count, maximum) => {
        seen.push(maximum);
        return model.predict(patches, count);
      },
    };
    await whole(song, spy);
    // Amplitude 0.5 × half the window's sum of 512.
    for (const maximum of seen) expect(maximum).toBeCloseTo(128, 0);
    expect(seen.length).toBeGreaterThan(1);
  });

  it('stops when the signal fires, and when the generator returns', async () => {
    const song = { sampleRate: 8192, channels: [noise(8192 * 200)] };
    const stop = new AbortController();
    const aborted = fakeModel(() => 1);
    const run = async () => {
      for await (const _ of separate(song, aborted, { signal: stop.signal })) stop.abort(new Error('enough'));
    };
    await expect(run()).rejects.toThrow('enough');
    expect(aborted.calls.length).toBe(1);
    const returned = fakeModel(() => 1);
    for await (const _ of separate(song, returned)) break;
    expect(returned.calls.length).toBe(1);
  });

  it('reports what is wrong with an invalid song', async () => {
    const model = fakeModel(() => 1);
    const empty = { sampleRate: RATE, channels: [new Float32Array(0)] };
    const three = { sampleRate: RATE, channels: [1, 2, 3].map(() => new Float32Array(10)) };
    await expect(whole(empty, model)).rejects.toThrow(ParameterError);
    await expect(whole(three, model)).rejects.toThrow(/3 channels/);
  });
});

describe('separate with a model of two channels', () => {
  const short = { ...manifest, ...SHORT_PATCHES };
  const { frames, bins } = short.patch;

  /** A mask for each channel. Records its inputs. */
  function stereoModel(rule: (channel: number, frame: number, bin: number, magnitude: number) => number) {
    const given: Float32Array[] = [];
    const model: Predictor = {
      manifest: { ...short, channels: 2 },
      async predict(patches, count) {
        expect(patches.length).toBe(count * 2 * frames * bins);
        given.push(patches.slice());
        return patches.map((magnitude, at) =>
          rule(Math.floor(at / (frames * bins)) % 2, Math.floor(at / bins) % frames, at % bins, magnitude),
        );
      },
    };
    return { model, given };
  }

  it('gives each channel its own mask', async () => {
    const song = { sampleRate: RATE, channels: [noise(RATE * 4, 1), noise(RATE * 4, 2)] };
    const { vocals, accompaniment } = await whole(song, stereoModel((channel) => 1 - channel).model);
    const rest = vocals[0].map((value, n) => value - song.channels[0][n]);
    // The model's input lacks the bins below its first bin.
    expect(rms(rest) / rms(song.channels[0])).toBeLessThan(0.02);
    expect(rms(vocals[1])).toBeLessThan(1e-6);
    expect(greatestDifference(accompaniment[1], song.channels[1])).toBeLessThan(1e-6);
  });

  it('passes the left and the right channel to it, and a mono song twice', async () => {
    const stereo = stereoModel(() => 0.5);
    await whole({ sampleRate: RATE, channels: [noise(RATE * 5), new Float32Array(RATE * 5)] }, stereo.model);
    expect(stereo.given[0].subarray(0, frames * bins).some((value) => value > 1)).toBe(true);
    expect(stereo.given[0].subarray(frames * bins).every((value) => value === 0)).toBe(true);
    const mono = stereoModel(() => 0.5);
    const { vocals } = await whole({ sampleRate: RATE, channels: [noise(RATE * 13)] }, mono.model, { batchSize: 2 });
    const size = frames * bins;
    const once = fakeModel(() => 0.5, SHORT_PATCHES);
    const alone: Float32Array[] = [];
    const { predict } = once;
    once.predict = (patches, count) => {
      alone.push(patches.slice());
      return predict(patches, count);
    };
    await whole({ sampleRate: RATE, channels: [noise(RATE * 13)] }, once, { batchSize: 2 });
    const patchesOf = (calls: Float32Array[]) =>
      calls.flatMap((given) =>
        Array.from({ length: given.length / size }, (_, n) => given.subarray(n * size, (n + 1) * size)),
      );
    const twice = patchesOf(mono.given);
    expect(twice).toHaveLength(2 * patchesOf(alone).length);
    patchesOf(alone).forEach((patch, n) => {
      expect(greatestDifference(twice[2 * n], patch)).toBe(0);
      expect(greatestDifference(twice[2 * n + 1], patch)).toBe(0);
    });
    expect(rms(vocals[0]) / rms(noise(RATE * 13))).toBeCloseTo(0.5, 3);
  });

  it('gives the same whatever the batch', async () => {
    const song = { sampleRate: RATE, channels: [noise(RATE * 13, 1), noise(RATE * 13, 2)] };
    const rule = (channel: number, frame: number, bin: number, magnitude: number) =>
      0.5 + 0.5 * Math.sin(magnitude * 3 + bin * 0.1 + frame * 0.05 + channel);
    const one = await whole(song, stereoModel(rule).model, { batchSize: 1 });
    const many = await whole(song, stereoModel(rule).model, { batchSize: 3 });
    for (const channel of [0, 1])
      expect(greatestDifference(one.vocals[channel], many.vocals[channel])).toBeLessThan(1e-6);
    expect(greatestDifference(one.mask, many.mask)).toBe(0);
  });
});
