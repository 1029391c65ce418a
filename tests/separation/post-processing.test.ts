import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/errors.ts';
import type { SeparationOptions } from '../../src/separation/types.ts';
import { separateWhole } from '../../tools/lib/separate-whole.ts';
import { fakeModel, greatestDifference, noise, rms } from './fake-model.ts';

const RATE = 8192;
const SAMPLES = RATE * 30;

const lively = (_patch: number, frame: number, bin: number, magnitude: number) =>
  0.5 + 0.5 * Math.sin(magnitude * 3 + bin * 0.1 + frame * 0.05);

const stereo = () => [noise(SAMPLES, 1), noise(SAMPLES, 2)];

async function separated(mixture: readonly Float32Array[], options: SeparationOptions, rule = lively) {
  const model = fakeModel(rule);
  const stems = await separateWhole({ sampleRate: RATE, mixture }, model, undefined, options);
  return { ...stems, calls: model.calls.reduce((sum, count) => sum + count, 0) };
}

describe('post-processing', () => {
  it.each<[string, SeparationOptions]>([
    ['more overlap', { overlap: 0.75 }],
    ['a mask for each channel', { channels: 'left-right' }],
    ['masks for mid and side', { channels: 'mid-side' }],
    ['the Wiener filter', { wiener: 2 }],
    ['the silence gate', { gate: true }],
    [
      'everything',
      { overlap: 0.5, channels: 'mid-side', wiener: 1, gate: true, mask: { kind: 'sharp', exponent: 1.5 } },
    ],
  ])('leaves stems that add up to the original, whatever the batch: %s', async (_, options) => {
    const mixture = stereo();
    const { vocals, accompaniment } = await separated(mixture, options);
    for (const channel of [0, 1]) {
      const sum = vocals[channel].map((value, n) => value + accompaniment[channel][n]);
      expect(greatestDifference(sum, mixture[channel])).toBeLessThan(1e-6);
      expect(rms(vocals[channel])).toBeGreaterThan(0.02);
    }
    const batched = await separated(mixture, { ...options, batchSize: 3 });
    expect(greatestDifference(batched.vocals[0], vocals[0])).toBeLessThan(1e-6);
  });

  it('computes more patches where they overlap more', async () => {
    const mono = [noise(SAMPLES)];
    const count = async (overlap: number) => (await separated(mono, { overlap })).calls;
    // 321 frames; patches of 128 that advance by 128, 96, 64 and 32.
    expect(await Promise.all([0, 0.25, 0.5, 0.75].map(count))).toEqual([3, 4, 5, 8]);
  });

  it('hears left and right on their own', async () => {
    const [left] = stereo();
    // The mask is 1 where there is sound: the silent right channel gets none, and the left one all.
    const { vocals, calls } = await separated(
      [left, new Float32Array(SAMPLES)],
      { channels: 'left-right' },
      (...args) => (args[3] > 0 ? 1 : 0),
    );
    const inside = (signal: Float32Array) => signal.subarray(RATE, SAMPLES - RATE);
    expect(rms(inside(vocals[0].map((value, n) => value - left[n])))).toBeLessThan(0.05);
    expect(rms(vocals[1])).toBeLessThan(1e-9);
    expect(calls).toBe(8);
  });

  it('runs once, and without a Wiener filter, on a mono song', async () => {
    const mono = [noise(SAMPLES)];
    const plain = await separated(mono, {});
    const other = await separated(mono, { channels: 'mid-side', wiener: 2 });
    expect(other.calls).toBe(plain.calls);
    expect(greatestDifference(other.vocals[0], plain.vocals[0])).toBe(0);
  });

  it('silences a passage in which the mask lets little through', async () => {
    const mono = [noise(SAMPLES)];
    const rule = (patch: number) => (patch < 2 ? 0.9 : 0.03);
    const { vocals } = await separated(mono, { gate: true }, rule);
    expect(rms(vocals[0], 0, 8 * RATE)).toBeGreaterThan(0.2);
    expect(rms(vocals[0], 26 * RATE)).toBe(0);
  });

  it.each<SeparationOptions>([{ overlap: 1 }, { overlap: -0.1 }, { wiener: 1.5 }, { wiener: -1 }])(
    'refuses %o',
    async (options) => {
      await expect(separated([noise(RATE)], options)).rejects.toThrow(ParameterError);
    },
  );
});
