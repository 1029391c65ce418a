import { describe, expect, test } from 'vitest';
import type { SpectrogramScale } from '../../../src/dsp/spectrogram-scale.ts';
import { Stft } from '../../../src/dsp/stft.ts';
import { regionCells, regionLevels } from '../../../src/ui/spectrogram/region-level.ts';
import { SpectrogramImage } from '../../../src/ui/spectrogram/spectrogram-image.ts';
import { magnitudesOf } from '../../dsp/noise.ts';

const RATE = 8192;
const SECONDS = 8;

/** A sine of amplitude `amplitude` from 2 s to 6 s, as the pictures get it: Hann, 1024 points, hop 768. */
function imageOf(hz: number, amplitude: number, mask: number): SpectrogramImage {
  const sound = new Float32Array(RATE * SECONDS);
  for (let n = 2 * RATE; n < 6 * RATE; n++) sound[n] = amplitude * Math.sin((2 * Math.PI * hz * n) / RATE);
  const stft = new Stft({ fftSize: 1024, hop: 768 });
  const magnitudes = magnitudesOf(stft, sound).map((value) => (value * 2) / 512);
  const frames = magnitudes.length / stft.bins;
  const scale: SpectrogramScale = { frames, bins: stft.bins, firstBinHz: 0, binHz: 8, frameSeconds: 768 / RATE };
  const image = new SpectrogramImage(scale);
  const columns = { firstFrame: 0, frames, bins: stft.bins, mixture: magnitudes };
  image.write({ ...columns, mask: new Float32Array(magnitudes.length).fill(mask) });
  return image;
}

const decibels = (amplitude: number) => 20 * Math.log10(amplitude);

describe('regionLevels', () => {
  test.each([
    [440, 1],
    [440, 0.25],
    // Between two bins.
    [1003.7, 0.1],
  ])('tells the level of a sine of %d Hz and amplitude %d', (hz, amplitude) => {
    const image = imageOf(hz, amplitude, 0.5);
    const levels = regionLevels(image, { start: 2.5, end: 5.5, lowHz: hz - 100, highHz: hz + 100 });
    expect(Math.abs((levels?.mixture.mean ?? 0) - decibels(amplitude))).toBeLessThan(0.3);
    // The mask gives each stem half of the amplitude.
    expect(Math.abs((levels?.vocals.mean ?? 0) - decibels(amplitude / 2))).toBeLessThan(0.4);
    expect(Math.abs((levels?.accompaniment.mean ?? 0) - decibels(amplitude / 2))).toBeLessThan(0.4);
    // The loudest cell is at most 1.42 dB below (Harris 1978: scalloping loss of the Hann window).
    expect(levels?.mixture.peak).toBeLessThan(decibels(amplitude) + 0.25);
    expect(levels?.mixture.peak).toBeGreaterThan(decibels(amplitude) - 1.7);
  });

  test('does not depend on how high the region is, as long as the sine is in it', () => {
    const image = imageOf(440, 0.25, 1);
    for (const width of [30, 200, 400]) {
      const levels = regionLevels(image, { start: 3, end: 5, lowHz: 440 - width, highHz: 440 + width });
      expect(Math.abs((levels?.mixture.mean ?? 0) - decibels(0.25))).toBeLessThan(0.3);
    }
  });

  test('averages power over time: half the time sounding is 3 dB less', () => {
    const image = imageOf(440, 0.25, 1);
    const levels = regionLevels(image, { start: 4, end: 8, lowHz: 300, highHz: 600 });
    expect(Math.abs((levels?.mixture.mean ?? 0) - (decibels(0.25) - 3.01))).toBeLessThan(0.4);
  });

  test('hears nothing beside the sine, before it, or in the stem that has none of it', () => {
    const image = imageOf(440, 0.25, 1);
    expect(regionLevels(image, { start: 3, end: 5, lowHz: 2000, highHz: 3000 })?.mixture.mean).toBeLessThan(-80);
    const silence = regionLevels(image, { start: 0, end: 1, lowHz: 300, highHz: 600 });
    expect(silence?.mixture).toEqual({ mean: Number.NEGATIVE_INFINITY, peak: Number.NEGATIVE_INFINITY });
    const levels = regionLevels(image, { start: 3, end: 5, lowHz: 300, highHz: 600 });
    expect(levels?.accompaniment.mean).toBe(Number.NEGATIVE_INFINITY);
  });

  test('knows nothing where nothing is separated yet', () => {
    const image = new SpectrogramImage({ frames: 100, bins: 4, firstBinHz: 0, binHz: 8, frameSeconds: 0.1 });
    expect(regionLevels(image, { start: 1, end: 2, lowHz: 0, highHz: 20 })).toBeUndefined();
  });
});

describe('regionCells', () => {
  const scale = { frames: 100, bins: 50, firstBinHz: 8, binHz: 8, frameSeconds: 0.1 };

  test('are those whose centres lie in the region', () => {
    expect(regionCells(scale, { start: 1, end: 2, lowHz: 16, highHz: 31 })).toEqual({
      first: 10,
      last: 20,
      low: 1,
      high: 2,
    });
  });

  test('are the nearest one where a region is smaller than a cell', () => {
    expect(regionCells(scale, { start: 1.03, end: 1.06, lowHz: 18, highHz: 20 })).toMatchObject({ low: 1, high: 1 });
    expect(regionCells(scale, { start: 500, end: 501, lowHz: 9000, highHz: 9001 })).toEqual({
      first: 99,
      last: 99,
      low: 49,
      high: 49,
    });
  });
});
