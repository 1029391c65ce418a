import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/core/errors.ts';
import type { ModelManifest } from '../../src/model/manifest.ts';
import { separate } from '../../src/separation/separate.ts';
import type { SeparationOptions } from '../../src/separation/types.ts';
import { separateWhole } from '../../tools/lib/separate-whole.ts';
import { fakeModel, greatestDifference, noise, OF_ACCOMPANIMENT, rms } from './fake-model.ts';

const RATE = 8192;
const SAMPLES = RATE * 30;

const lively = (_patch: number, frame: number, bin: number, magnitude: number) =>
  0.5 + 0.5 * Math.sin(magnitude * 3 + bin * 0.1 + frame * 0.05);

const stereo = () => [noise(SAMPLES, 1), noise(SAMPLES, 2)];

async function separated(
  mixture: readonly Float32Array[],
  options: SeparationOptions = {},
  changes: Partial<ModelManifest> = {},
  rule = lively,
) {
  const model = fakeModel(rule, changes);
  const stems = await separateWhole({ sampleRate: RATE, mixture }, model, undefined, options);
  return { ...stems, calls: model.calls.reduce((sum, count) => sum + count, 0) };
}

describe('separate', () => {
  it.each<[string, SeparationOptions, Partial<ModelManifest>]>([
    ['more overlap', { overlap: 0.75 }, {}],
    ['a mask for each channel', {}, { channels: 2 }],
    ['a mask for each channel, of the accompaniment', {}, { channels: 2, ...OF_ACCOMPANIMENT }],
    ['everything', { overlap: 0.5, mask: { kind: 'sharp', exponent: 1.5 } }, { channels: 2 }],
  ])('returns stems that add up to the original, for any batch size: %s', async (_, options, changes) => {
    const mixture = stereo();
    const { vocals, accompaniment } = await separated(mixture, options, changes);
    for (const channel of [0, 1]) {
      const sum = vocals[channel].map((value, n) => value + accompaniment[channel][n]);
      expect(greatestDifference(sum, mixture[channel])).toBeLessThan(1e-6);
      expect(rms(vocals[channel])).toBeGreaterThan(0.02);
    }
    const batched = await separated(mixture, { ...options, batchSize: 3 }, changes);
    expect(greatestDifference(batched.vocals[0], vocals[0])).toBeLessThan(1e-6);
  });

  it('predicts more patches when they overlap more', async () => {
    const mono = [noise(SAMPLES)];
    const count = async (overlap: number) => (await separated(mono, { overlap })).calls;
    // 321 frames; patches of 128 that advance by 128, 96, 64 and 32.
    expect(await Promise.all([0, 0.25, 0.5, 0.75].map(count))).toEqual([3, 4, 5, 8]);
  });

  it.each<SeparationOptions>([{ overlap: 1 }, { overlap: -0.1 }, { batchSize: 0 }])('rejects %o', async (options) => {
    await expect(separated([noise(RATE)], options)).rejects.toThrow(ParameterError);
  });
});

describe('a model of two channels', () => {
  const TWO = { channels: 2 } as const;
  /** A mask of 1 where there is sound. */
  const sounds = (...[, , , magnitude]: Parameters<typeof lively>) => (magnitude > 0 ? 1 : 0);

  it('separates a stereo song like two runs of a model of one channel', async () => {
    const mixture = stereo();
    const { vocals } = await separated(mixture, {}, TWO);
    for (const [c, channel] of mixture.entries()) {
      const alone = await separated([channel]);
      expect(greatestDifference(vocals[c], alone.vocals[0])).toBeLessThan(1e-6);
    }
  });

  it('separates a mono song like a model of one channel', async () => {
    const mono = [noise(SAMPLES)];
    const [two, one] = [await separated(mono, {}, TWO), await separated(mono)];
    expect(two.calls).toBe(one.calls);
    expect(greatestDifference(two.vocals[0], one.vocals[0])).toBe(0);
  });

  it('returns the mean of both channels for display', async () => {
    const [left] = stereo();
    const song = { sampleRate: RATE, channels: [left, new Float32Array(SAMPLES)] };
    for await (const { spectrogram } of separate(song, fakeModel(sounds, TWO))) {
      const { mask, mixture } = spectrogram;
      expect(mask.every((value) => value === 0.5)).toBe(true);
      const model = fakeModel(sounds);
      for await (const { spectrogram: alone } of separate({ sampleRate: RATE, channels: [left] }, model)) {
        expect(
          greatestDifference(
            mixture.map((value) => 2 * value),
            alone.mixture,
          ),
        ).toBeLessThan(1e-6);
        break;
      }
      break;
    }
  });
});
