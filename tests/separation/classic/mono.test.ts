import { describe, expect, it } from 'vitest';
import type { AudioData } from '../../../src/audio/audio-data.ts';
import { toMono } from '../../../src/audio/mixdown.ts';
import { resample } from '../../../src/audio/resample.ts';
import { ParameterError } from '../../../src/core/errors.ts';
import type { ModelManifest } from '../../../src/model/manifest.ts';
import type { VariablePredictor } from '../../../src/model/predictor.ts';
import {
  type ClassicOptions,
  classicShape,
  separateClassic,
} from '../../../src/separation/classic/separate-classic.ts';
import { greatestDifference, manifest, network, noise, OF_ACCOMPANIMENT, rms, sine } from '../fake-model.ts';
import { fakeVariable, classic as separated } from './whole.ts';

async function classic(song: AudioData, model: VariablePredictor, options?: ClassicOptions) {
  const { chunks, vocals, accompaniment } = await separated(song, model, options);
  return { chunks, vocals: vocals[0], accompaniment: accompaniment[0] };
}

const SONG: AudioData = { sampleRate: 8192, channels: [noise(300_000, 1), noise(300_000, 2)] };

describe('classic separation with mono models', () => {
  it('returns mono stems at the model’s rate that add up to the mono mix', async () => {
    const song = { sampleRate: 44100, channels: [noise(500_000, 3), noise(500_000, 4)] };
    const mono = await resample(toMono(song), 44100, 8192);
    const { vocals, accompaniment, chunks } = await classic(
      song,
      fakeVariable((_, frame) => frame / 128),
    );
    expect(chunks[0].vocals).toHaveLength(1);
    expect(chunks.at(-1)!.totalSamples).toBe(mono.length);
    const sum = vocals.map((value, n) => value + accompaniment[n]);
    expect(greatestDifference(sum, mono)).toBeLessThan(1e-6);
    expect(rms(vocals)).toBeGreaterThan(0.1 * rms(mono));
  });

  it('returns pieces in order without a gap, of the announced shape', async () => {
    const { chunks } = await classic(
      SONG,
      fakeVariable(() => 1),
    );
    let samples = 0;
    for (const chunk of chunks) {
      expect(chunk.start).toBe(samples);
      samples += chunk.vocals[0].length;
      expect(chunk.doneSamples).toBe(samples);
      expect(chunk.accompaniment[0]).toHaveLength(chunk.vocals[0].length);
    }
    expect(samples).toBe(300_000);
    expect(classicShape(SONG, manifest)).toEqual({ sampleRate: 8192, channels: 1, samples });
  });

  it('uses patches end to end, for any batch size', async () => {
    const rule = (patch: number, frame: number, bin: number) => ((patch * 31 + frame * 7 + bin) % 10) / 10;
    const one = fakeVariable(rule);
    const three = fakeVariable(rule);
    const a = await classic(SONG, one);
    const b = await classic(SONG, three, { batchSize: 3 });
    expect(one.calls).toEqual([1, 1, 1, 1]);
    expect(three.calls).toEqual([1, 3]);
    expect(greatestDifference(a.vocals, b.vocals)).toBeLessThan(1e-6);
  });

  it('masks out only 0 Hz when the network’s mask is 1', async () => {
    const tone = sine(1000, 8192, 100_000);
    const song = { sampleRate: 8192, channels: [tone.map((value) => value + 0.25)] };
    const { vocals, accompaniment } = await classic(
      song,
      fakeVariable(() => 1),
    );
    // Away from the ends, where the constant has other frequencies too. The window puts half of it into bin 1.
    const middle = (signal: Float32Array) => signal.slice(20_000, 80_000);
    const removed = middle(accompaniment).reduce((sum, value) => sum + value, 0) / 60_000;
    expect(removed).toBeGreaterThan(0.1);
    expect(rms(vocals.map((value, n) => value - tone[n]).slice(20_000, 80_000))).toBeLessThan(0.25);
    // The rest after the last frame’s centre is accompaniment.
    const end = 768 * Math.floor(100_000 / 768);
    expect(vocals.slice(end).every((value) => value === 0)).toBe(true);
    expect(greatestDifference(accompaniment.slice(end), song.channels[0].slice(end))).toBe(0);
  });

  it('applies a hard mask', async () => {
    const rule = (_: number, frame: number) => (frame % 2 === 0 ? 0.6 : 0.4);
    const hard = await classic(SONG, fakeVariable(rule), { mask: { kind: 'hard' } });
    const known = await classic(
      SONG,
      fakeVariable((_, frame) => 1 - (frame % 2)),
    );
    expect(greatestDifference(hard.vocals, known.vocals)).toBe(0);
  });

  it('applies the mask of an accompaniment network to the accompaniment', async () => {
    const rule = (_: number, frame: number, bin: number) => ((frame + bin) % 5) / 4;
    const voice = await classic(SONG, fakeVariable(rule));
    const backing = await classic(SONG, fakeVariable(rule, OF_ACCOMPANIMENT));
    expect(greatestDifference(backing.vocals.slice(0, 299_520), voice.accompaniment.slice(0, 299_520))).toBeLessThan(
      1e-6,
    );
  });

  it('passes the greatest magnitude of all bins to the network, including 0 Hz', async () => {
    const song = { sampleRate: 8192, channels: [new Float32Array(60_000).fill(0.5)] };
    const maxima: (number | undefined)[] = [];
    const model = fakeVariable(() => 0, { normalisation: { kind: 'song-maximum' } });
    const watching: VariablePredictor = {
      ...model,
      predict(patches, count, maximum) {
        maxima.push(maximum);
        return model.predict(patches, count);
      },
    };
    await classic(song, watching);
    // Half the window’s length times 0.5: the mirrored ends continue the constant.
    expect(maxima[0]).toBeCloseTo(256, 3);
  });

  it('uses a predicted magnitude unchanged, even above the mixture’s and in silence', async () => {
    const song = { sampleRate: 8192, channels: [noise(100_000).fill(0, 50_000)] };
    // Ten times the mixture, and a tone in every silent frame.
    const rule = (_: number, __: number, bin: number, magnitude: number) => 10 * magnitude || (bin === 20 ? 100 : 0);
    const loud = fakeVariable(rule, { networks: { vocals: { ...network, output: 'magnitude' } } });
    const { vocals } = await classic(song, loud);
    expect(rms(vocals, 10_000, 40_000)).toBeCloseTo(10 * rms(song.channels[0], 10_000, 40_000), 1);
    expect(rms(vocals, 60_000, 90_000)).toBeGreaterThan(0.1);
    const hard = await classic(song, loud, { mask: { kind: 'hard' } });
    expect(rms(hard.vocals, 60_000)).toBe(0);
  });

  it('stops at the next patch when it is cancelled', async () => {
    const stop = new AbortController();
    const model = fakeVariable(() => 1);
    const run = async () => {
      for await (const _ of separateClassic(SONG, model, { signal: stop.signal })) stop.abort();
    };
    await expect(run()).rejects.toThrow(/abort/i);
    expect(model.calls).toHaveLength(1);
  });

  it('returns a song shorter than a hop as accompaniment', async () => {
    const song = { sampleRate: 8192, channels: [noise(100)] };
    const { vocals, accompaniment } = await classic(
      song,
      fakeVariable(() => 1),
    );
    expect(vocals.every((value) => value === 0)).toBe(true);
    expect(greatestDifference(accompaniment, song.channels[0])).toBe(0);
  });

  it('can run the network once on the whole song, padded to a multiple that it can halve', async () => {
    const model = fakeVariable((_, frame) => (frame % 64) / 64, {
      networks: { vocals: { ...network, encoderFilters: [2, 2, 2, 2, 2, 2], decoderFilters: [2, 2, 2, 2, 2, 1] } },
    });
    const { vocals, chunks } = await classic(SONG, model, { frames: 'whole' });
    expect(chunks).toHaveLength(1);
    expect([model.calls, model.variants.map(({ calls }) => calls)]).toEqual([[], [[1]]]);
    // The song has 391 frames.
    expect(model.variants[0].manifest.patch).toEqual({ frames: 448, firstBin: 1, bins: 512 });
    const inPatches = await classic(SONG, model);
    expect(greatestDifference(vocals, inPatches.vocals)).toBeLessThan(1e-6);
  });

  it.each<[string, AudioData, Partial<ModelManifest>, ClassicOptions]>([
    ['a model of two channels', SONG, { channels: 2 }, {}],
    ['a song without samples', { sampleRate: 8192, channels: [new Float32Array(0)] }, {}, {}],
    ['batches of nothing', SONG, {}, { batchSize: 0 }],
  ])('rejects %s', async (_, song, changes, options) => {
    const model = fakeVariable(() => 1, changes);
    await expect(classic(song, model, options)).rejects.toThrow(ParameterError);
  });
});
