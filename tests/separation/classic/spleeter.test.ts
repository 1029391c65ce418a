import { describe, expect, it } from 'vitest';
import type { AudioData } from '../../../src/audio/audio-data.ts';
import { resample } from '../../../src/audio/resample.ts';
import { ParameterError } from '../../../src/core/errors.ts';
import { type ModelManifest, networksOf, type StoredNetwork } from '../../../src/model/manifest.ts';
import { type NetworkOutput, Patch } from '../../../src/model/patch.ts';
import type { VariablePredictor } from '../../../src/model/predictor.ts';
import { classicShape } from '../../../src/separation/classic/separate-classic.ts';
import { manifest as base, greatestDifference, noise, rms, sine } from '../fake-model.ts';
import { classic, fakeVariable } from './whole.ts';

const RATE = 44100;

const network = {
  family: 'spleeter',
  filters: [4],
  epsilon: 1e-3,
  encoder: { kind: 'elu' },
  decoder: { kind: 'elu' },
  output: 'mask',
  files: [{ path: 'model.json', bytes: 1, sha256: '0'.repeat(64) }],
} as const satisfies StoredNetwork;

/** Spleeter's sizes, except for shorter patches, so that a short song has several. */
const manifest: ModelManifest = {
  ...base,
  sampleRate: RATE,
  channels: 2,
  stft: { fftSize: 4096, windowLength: 4096, hop: 1024, window: 'hann', centred: true },
  patch: { frames: 32, firstBin: 0, bins: 1024 },
  normalisation: { kind: 'song-level', level: 0.15 },
  networks: { vocals: network, accompaniment: network },
  combine: { kind: 'ratio', exponent: 1.5, epsilon: 1e-10 },
  qualities: {
    best: { networks: ['vocals', 'accompaniment'], bins: 1024 },
    fast: { networks: ['vocals'], bins: 512 },
  },
  highBand: { rule: 'mean', fromHz: 4000, gain: 1 },
};

const stereo = (seed: number, samples = 100_000): AudioData => ({
  sampleRate: RATE,
  channels: [noise(samples, seed), noise(samples, seed + 1)],
});

describe('classic separation with Spleeter models', () => {
  it('assigns sound below 11 kHz to the vocals when the mask is 1, from the first to the last sample', async () => {
    const tone = sine(1000, RATE, 100_000);
    const { vocals, accompaniment } = await classic(
      { sampleRate: RATE, channels: [tone, tone.map((value) => -value)] },
      fakeVariable(() => 1, manifest),
    );
    // A tone with a hard start and end has a little of every frequency.
    for (const [c, sign] of [1, -1].entries()) {
      const error = vocals[c].map((value, n) => value - sign * tone[n]);
      expect(rms(error, 4096, 95_000)).toBeLessThan(1e-6);
      expect(rms(error)).toBeLessThan(2e-3);
      expect(rms(accompaniment[c])).toBe(0);
    }
  });

  it('removes sound above 11 kHz from both stems', async () => {
    const tone = sine(15_000, RATE, 100_000);
    const { vocals, accompaniment } = await classic(
      { sampleRate: RATE, channels: [tone, tone] },
      fakeVariable(() => 0.5, manifest),
    );
    expect(rms(vocals[0], 4096, 95_000)).toBeLessThan(1e-6);
    expect(rms(accompaniment[1], 4096, 95_000)).toBeLessThan(1e-6);
  });

  it('uses patches end to end for any batch size, with a mask for each channel', async () => {
    const song = stereo(1);
    const rule = (patch: number, frame: number, bin: number, magnitude: number) =>
      ((patch * 31 + frame * 7 + bin) % 10) / 20 + (Math.round(magnitude * 100) % 2) / 2;
    const one = fakeVariable(rule, manifest);
    const three = fakeVariable(rule, manifest);
    const a = await classic(song, one);
    const b = await classic(song, three, { batchSize: 3 });
    // The frames of 4096 + 100 000 samples.
    expect(one.variants[0].calls).toEqual([1, 1, 1, 1]);
    expect(three.variants[0].calls).toEqual([1, 3]);
    expect(a.chunks.map(({ start }) => start)).toEqual([0, ...a.chunks.slice(0, -1).map((chunk) => chunk.doneSamples)]);
    for (const c of [0, 1]) {
      expect(greatestDifference(a.vocals[c], b.vocals[c])).toBeLessThan(1e-6);
      expect(greatestDifference(a.accompaniment[c], b.accompaniment[c])).toBeLessThan(1e-6);
    }
  });

  it('runs all networks on all bins, without normalisation, with Spleeter’s exponent and epsilon', async () => {
    const model = fakeVariable(() => 1, { ...manifest, compression: { kind: 'log', scale: 10 } });
    await classic(stereo(1, 5000), model);
    const [{ manifest: used }] = model.variants;
    expect(used).toEqual({
      ...manifest,
      qualities: undefined,
      normalisation: { kind: 'none' },
      compression: { kind: 'none' },
      combine: { kind: 'ratio', exponent: 2, epsilon: 1e-10 },
      highBand: { rule: 'zero' },
    });
  });

  it('separates a mono song like stereo with two equal channels', async () => {
    const [sound] = stereo(5).channels;
    const rule = (_: number, frame: number, bin: number) => ((frame + bin) % 5) / 4;
    const mono = await classic({ sampleRate: RATE, channels: [sound] }, fakeVariable(rule, manifest));
    const both = await classic({ sampleRate: RATE, channels: [sound, sound] }, fakeVariable(rule, manifest));
    expect(mono.vocals).toHaveLength(1);
    expect(greatestDifference(mono.vocals[0], both.vocals[1])).toBe(0);
  });

  it('returns stems at the model’s rate', async () => {
    const song = { sampleRate: 48000, channels: [sine(440, 48000, 48000)] };
    const { vocals } = await classic(
      song,
      fakeVariable(() => 1, manifest),
    );
    expect(classicShape(song, manifest)).toEqual({ sampleRate: RATE, channels: 1, samples: RATE });
    const wanted = await resample(song.channels[0], 48000, RATE);
    expect(greatestDifference(vocals[0].slice(4096, 40_000), wanted.slice(4096, 40_000))).toBeLessThan(1e-5);
  });

  it('adds up all stems but the vocals to the accompaniment, also from logits', async () => {
    const stems = { vocals: 0.3, drums: -1, bass: 0.7, piano: 0, other: 0.1 };
    const logits: ModelManifest = {
      ...manifest,
      qualities: undefined,
      networks: Object.fromEntries(Object.keys(stems).map((stem) => [stem, { ...network, output: 'logit' }])),
    };
    const model: VariablePredictor = {
      ...fakeVariable(() => 0, logits),
      variant: (changed) => ({
        manifest: changed,
        async predict(magnitudes) {
          const masks = new Float32Array(magnitudes.length);
          const outputs = networksOf(changed).map(
            ([stem]): NetworkOutput => [stem, masks.slice().fill(stems[stem as keyof typeof stems])],
          );
          new Patch(magnitudes, changed, 0).readMask(outputs, masks);
          return masks;
        },
      }),
    };
    const tone = sine(1000, RATE, 20_000);
    const { vocals, accompaniment } = await classic({ sampleRate: RATE, channels: [tone] }, model);
    // For a softmax’s masks m, m² / Σ m² does not depend on the softmax’s denominator.
    const power = Object.values(stems).map((logit) => Math.exp(2 * logit));
    const share = Math.exp(2 * stems.vocals) / power.reduce((sum, value) => sum + value, 0);
    const level = rms(tone, 5000, 15_000);
    expect(rms(vocals[0], 5000, 15_000)).toBeCloseTo(share * level, 5);
    expect(rms(accompaniment[0], 5000, 15_000)).toBeCloseTo((1 - share) * level, 5);
  });

  it('applies a hard mask', async () => {
    const hard = await classic(
      stereo(7, 20_000),
      fakeVariable((_, frame) => (frame % 2 === 0 ? 0.6 : 0.4), manifest),
      { mask: { kind: 'hard' } },
    );
    const known = await classic(
      stereo(7, 20_000),
      fakeVariable((_, frame) => 1 - (frame % 2), manifest),
    );
    expect(greatestDifference(hard.vocals[0], known.vocals[0])).toBe(0);
    expect(greatestDifference(hard.accompaniment[1], known.accompaniment[1])).toBe(0);
  });

  it.each([1, 1024, 4097])('separates a song of %i samples', async (samples) => {
    const { vocals, chunks } = await classic(
      stereo(9, samples),
      fakeVariable(() => 1, manifest),
    );
    expect(vocals.map((channel) => channel.length)).toEqual([samples, samples]);
    expect(chunks.at(-1)!.doneSamples).toBe(samples);
  });

  it('rejects a model with one network, whose mask would be 1, and a whole song at once', async () => {
    const one = { ...manifest, networks: { vocals: network }, combine: { kind: 'single' } } as const;
    await expect(
      classic(
        stereo(1, 5000),
        fakeVariable(() => 1, one),
      ),
    ).rejects.toThrow(/network for each stem/);
    const model = fakeVariable(() => 1, manifest);
    await expect(classic(stereo(1, 5000), model, { frames: 'whole' })).rejects.toThrow(ParameterError);
  });
});
