import { describe, expect, it } from 'vitest';
import { ParameterError } from '../../src/core/errors.ts';
import { MaskInterpolator, type MaskInterpolatorOptions } from '../../src/dsp/interpolate-mask.ts';
import fixture from '../fixtures/dsp.json' with { type: 'json' };
import { greatestDifference, noise, unpack } from './noise.ts';

/** 16 bins of 100 Hz from 0 Hz. The target STFT has bins of 50 Hz up to 4 kHz. */
const options: MaskInterpolatorOptions = {
  scale: { bins: 16, firstBinHz: 0, binHz: 100, frameSeconds: 0.5 },
  fftSize: 160,
  sampleRate: 8000,
  highBand: { rule: 'zero' },
};

function at(settings: MaskInterpolatorOptions, masks: Float32Array, seconds: number, firstFrame = 0): Float32Array {
  const interpolator = new MaskInterpolator(settings);
  const out = new Float32Array(interpolator.bins);
  interpolator.at({ masks, frames: masks.length / settings.scale.bins, firstFrame }, seconds, out);
  return out;
}

describe('MaskInterpolator', () => {
  it('matches numpy’s interpolation along both axes, below, within and above the band', () => {
    const { grid: scale, ...settingsAndTruth } = fixture.interpolation;
    const { seed, frames, fftSize, sampleRate, belowBand, fromHz, gain, times, masks } = settingsAndTruth;
    const model = noise(seed, frames * scale.bins).map((value) => (value + 1) / 2);
    const settings = { scale, fftSize, sampleRate, belowBand, highBand: { rule: 'mean', fromHz, gain } as const };
    const out = times.flatMap((time) => [...at(settings, model, time)]);
    expect(greatestDifference(out, unpack(masks))).toBeLessThan(1e-6);
  });

  it('is exact for a mask that is linear in time and frequency', () => {
    const masks = new Float32Array(4 * 16).map((_, i) => 0.1 * Math.floor(i / 16) + 0.01 * (i % 16));
    const out = at(options, masks, 0.7);
    // Bins of 50 Hz up to the fade that begins after 700 Hz.
    for (let bin = 0; bin <= 14; bin++) expect(out[bin]).toBeCloseTo(0.14 + 0.005 * bin, 6);
  });

  it('repeats the nearest frame before the first and after the last', () => {
    const masks = noise(1, 3 * 16);
    expect(at(options, masks, -5)).toEqual(at(options, masks, 0));
    expect(at(options, masks, 99)).toEqual(at(options, masks, 1));
  });

  it('interpolates a piece of a longer mask from its first frame’s number', () => {
    const masks = noise(2, 8 * 16);
    expect(greatestDifference(at(options, masks.slice(3 * 16), 2.2, 3), at(options, masks, 2.2))).toBeLessThan(1e-6);
  });

  it('fades to zero over the last eight bins of the band', () => {
    const out = at(options, new Float32Array(16).fill(1), 0);
    expect([0, 700, 800, 1100, 1500, 1600, 4000].map((hz) => out[hz / 50])).toEqual([1, 1, 0.875, 0.5, 0, 0, 0]);
  });

  it('fades to the mean of the upper band, times the gain, at most 1', () => {
    const masks = new Float32Array(16).map((_, bin) => (bin < 12 ? 0 : 0.5));
    const mean = (gain: number) => at({ ...options, highBand: { rule: 'mean', fromHz: 1000, gain } }, masks, 0);
    // 1000 … 1500 Hz are six bins, four of them 0.5.
    expect(mean(1)[80]).toBeCloseTo(1 / 3, 6);
    expect(mean(0.5)[80]).toBeCloseTo(1 / 6, 6);
    expect(mean(9)[80]).toBe(1);
    expect(mean(1)[30]).toBeCloseTo(1 / 3, 6);
  });

  it('keeps the band up to its top when the target STFT ends there', () => {
    const masks = new Float32Array(16).fill(1);
    const same = at({ ...options, sampleRate: 3200, fftSize: 32 }, masks, 0);
    expect([...same]).toEqual(new Array(17).fill(1));
  });

  it('fades to the value below a band that does not begin at 0 Hz', () => {
    const scale = { ...options.scale, firstBinHz: 200 };
    const out = at({ ...options, scale, belowBand: 0 }, new Float32Array(16).fill(1), 0);
    expect([0, 50, 100, 150, 200].map((hz) => out[hz / 50])).toEqual([0, 0, 0, 0.5, 1]);
  });

  it.each([
    { ...options, sampleRate: 0 },
    { ...options, fftSize: Number.NaN },
    { ...options, belowBand: -1 },
    { ...options, scale: { ...options.scale, binHz: 0 } },
    { ...options, highBand: { rule: 'mean', fromHz: 5000, gain: 1 } as const },
    { ...options, highBand: { rule: 'mean', fromHz: 1000, gain: -1 } as const },
  ])('rejects an invalid scale or rule: %o', (settings) => {
    expect(() => new MaskInterpolator(settings)).toThrow(ParameterError);
  });

  it('rejects arrays that are too short, and a time that is not a number', () => {
    const interpolator = new MaskInterpolator(options);
    const out = new Float32Array(interpolator.bins);
    expect(() => interpolator.at({ masks: new Float32Array(16), frames: 2 }, 0, out)).toThrow(ParameterError);
    expect(() => interpolator.at({ masks: new Float32Array(0), frames: 0 }, 0, out)).toThrow(ParameterError);
    expect(() => interpolator.at({ masks: new Float32Array(16), frames: 1 }, 0, new Float32Array(4))).toThrow(
      ParameterError,
    );
    expect(() => interpolator.at({ masks: new Float32Array(16), frames: 1 }, Number.NaN, out)).toThrow(ParameterError);
  });
});
