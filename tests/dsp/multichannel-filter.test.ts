import { describe, expect, it } from 'vitest';
import { MultichannelFilter, type MultichannelFilterOptions } from '../../src/dsp/multichannel-filter.ts';
import { StereoMaskFilter } from '../../src/dsp/stereo-filter.ts';
import { ParameterError } from '../../src/errors.ts';
import { greatestDifference, gridMask, noise } from './noise.ts';

const SIZE = { fftSize: 256, hop: 128 };
const PLAIN = { ...SIZE, iterations: 0, windowFrames: 1 };
const SAMPLES = 3001;
const sound = [noise(1, SAMPLES), noise(2, SAMPLES)];

type MasksOf = (frame: number) => readonly [Float32Array, Float32Array?];

function filtered(options: MultichannelFilterOptions, masks: MasksOf, takeEvery = 5): number[][] {
  const filter = new MultichannelFilter(options);
  const out: number[][] = [[], []];
  const put = (pieces: Float32Array[]): void => {
    for (const [c, piece] of pieces.entries()) out[c].push(...piece);
  };
  for (let frame = 0; frame < filter.frameCount(SAMPLES); frame++) {
    filter.analyse(sound, frame);
    filter.apply(...masks(frame));
    if (frame % takeEvery === 0) {
      expect(filter.position).toBe(out[0].length);
      put(filter.take());
    }
  }
  put(filter.flush(SAMPLES));
  return out;
}

const ones = new Float32Array(129).fill(1);
const zeros = new Float32Array(129);

describe('MultichannelFilter', () => {
  it('gives the sound back through a mask of ones', () => {
    const out = filtered(PLAIN, () => [ones]);
    for (const channel of [0, 1]) expect(greatestDifference(out[channel], sound[channel])).toBeLessThan(1e-6);
  });

  it('does with one mask what StereoMaskFilter does', () => {
    const masks: MasksOf = (frame) => [gridMask(frame, 129)];
    const filter = new StereoMaskFilter({ ...SIZE, window: 'sine', channels: 2 });
    for (let frame = 0; frame < filter.frameCount(SAMPLES); frame++) filter.process(sound, frame, gridMask(frame, 129));
    const expected = filter.flush(SAMPLES);
    const out = filtered(PLAIN, masks);
    for (const channel of [0, 1]) expect(greatestDifference(out[channel], expected[channel])).toBeLessThan(1e-6);
  });

  it('keeps the channels apart with a mask for each', () => {
    const out = filtered(PLAIN, () => [ones, zeros]);
    expect(greatestDifference(out[0], sound[0])).toBeLessThan(1e-6);
    expect(Math.max(...out[1].map(Math.abs))).toBeLessThan(1e-6);
  });

  it('takes the side away with a mask for mid and side', () => {
    const out = filtered({ ...PLAIN, masksOf: 'mid-side' }, () => [ones, zeros]);
    const mid = sound[0].map((value, n) => 0.5 * (value + sound[1][n]));
    for (const channel of [0, 1]) expect(greatestDifference(out[channel], mid)).toBeLessThan(1e-6);
  });

  it('says the power of both channels together, as StereoMaskFilter does', () => {
    const [many, plain] = [
      new MultichannelFilter(PLAIN),
      new StereoMaskFilter({ ...SIZE, window: 'sine', channels: 2 }),
    ];
    const [a, b] = [new Float32Array(129), new Float32Array(129)];
    for (const [filter, out] of [
      [many, a],
      [plain, b],
    ] as const) {
      filter.analyse(sound, 0);
      filter.power(out);
    }
    expect(greatestDifference(a, b)).toBeLessThan(1e-4);
    // Parseval: a frame's energy is the mean of its power over all N bins.
    const energy = sound
      .map((channel) =>
        channel.subarray(0, 128).reduce((sum, v, n) => sum + (v * Math.sin((Math.PI * (n + 128)) / 256)) ** 2, 0),
      )
      .reduce((sum, value) => sum + value, 0);
    const mean = a.reduce((sum, value, bin) => sum + value * (bin === 0 || bin === 128 ? 1 : 2), 0) / 256;
    expect(mean / energy).toBeCloseTo(1, 5);
  });

  it('gives the same with the Wiener filter however often samples are taken', () => {
    const options = { ...SIZE, iterations: 1, windowFrames: 7 };
    const masks: MasksOf = (frame) => [gridMask(frame, 129)];
    const once = filtered(options, masks, 1000);
    const often = filtered(options, masks, 1);
    expect(often).toEqual(once);
    expect(greatestDifference(once[0], filtered(PLAIN, masks)[0])).toBeGreaterThan(0.01);
  });

  it('refuses sizes that make no filter, and frames out of order', () => {
    expect(() => new MultichannelFilter({ ...PLAIN, fftSize: 100 })).toThrow(ParameterError);
    expect(() => new MultichannelFilter({ ...PLAIN, windowFrames: 0 })).toThrow(ParameterError);
    const filter = new MultichannelFilter(PLAIN);
    expect(() => filter.analyse(sound, 1)).toThrow(/frame 0/);
    expect(() => filter.analyse([sound[0], noise(1, 7)], 0)).toThrow(ParameterError);
    expect(() => filter.flush(SAMPLES)).toThrow(/missing/);
  });
});
