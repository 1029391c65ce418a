import { describe, expect, test } from 'vitest';
import type { SpectrogramColumns, SpectrogramScale } from '../../../src/dsp/spectrogram-scale.ts';
import {
  byteDecibels,
  cellByte,
  FLOOR_DB,
  levelByte,
  SpectrogramImage,
} from '../../../src/ui/spectrogram/spectrogram-image.ts';
import { MAX_FINE_BYTES } from '../../../src/ui/spectrogram/tile-math.ts';

function scaleOf(frames: number, bins: number): SpectrogramScale {
  return { frames, bins, firstBinHz: 8, binHz: 8, frameSeconds: 0.1 };
}

function columns(
  firstFrame: number,
  frames: number,
  bins: number,
  magnitude: number,
  mask: number,
): SpectrogramColumns {
  const cells = frames * bins;
  return {
    firstFrame,
    frames,
    bins,
    mixture: new Float32Array(cells).fill(magnitude),
    mask: new Float32Array(cells).fill(mask),
  };
}

describe('levels', () => {
  test('are decibels below a full-scale sine, to a fifth of a decibel', () => {
    for (const decibels of [0, -6, -20, -43.7, -79]) {
      expect(Math.abs(byteDecibels(levelByte(10 ** (decibels / 20))) - decibels)).toBeLessThan(0.2);
    }
  });

  test('end at the floor and at full scale', () => {
    expect(levelByte(0)).toBe(0);
    expect(levelByte(1e-9)).toBe(0);
    expect(levelByte(3)).toBe(255);
    expect(levelByte(Number.NaN)).toBe(0);
    expect(byteDecibels(0)).toBe(FLOOR_DB);
  });

  test('of the stems are those of mask × mixture and (1 − mask) × mixture', () => {
    for (const magnitude of [1, 0.1, 0.02]) {
      for (const mask of [1, 0.8, 0.5, 0.1]) {
        const bytes = [levelByte(magnitude), Math.round(255 * mask)] as const;
        const vocals = 20 * Math.log10(mask * magnitude);
        expect(Math.abs(byteDecibels(cellByte('vocals', ...bytes)) - vocals)).toBeLessThan(0.5);
        const rest = Math.max(FLOOR_DB, 20 * Math.log10((1 - mask) * magnitude));
        expect(Math.abs(byteDecibels(cellByte('accompaniment', ...bytes)) - rest)).toBeLessThan(0.6);
      }
    }
  });
});

describe('SpectrogramImage', () => {
  test('gives back the numbers it was given', () => {
    const image = new SpectrogramImage(scaleOf(20, 4));
    const piece = columns(0, 10, 4, 0.1, 0);
    piece.mask[3 * 4 + 2] = 0.6;
    image.write(piece);
    expect(image.at(3, 2)?.decibels).toBeCloseTo(-20, 0);
    expect(image.at(3, 2)?.mask).toBeCloseTo(0.6, 2);
    expect(image.at(3, 1)?.mask).toBe(0);
  });

  test('has nothing where no columns have come yet, or outside', () => {
    const image = new SpectrogramImage(scaleOf(20, 4));
    image.write(columns(0, 10, 4, 1, 1));
    expect(image.at(10, 0)).toBeUndefined();
    expect(image.at(-1, 0)).toBeUndefined();
    expect(image.at(0, 4)).toBeUndefined();
  });

  test('drops columns behind the song’s end', () => {
    const image = new SpectrogramImage(scaleOf(5, 2));
    image.write(columns(4, 3, 2, 1, 1));
    expect(image.at(4, 0)?.decibels).toBeCloseTo(0);
    expect(image.at(5, 0)).toBeUndefined();
    expect(image.at(3, 0)).toBeUndefined();
  });

  test('has narrower copies whose columns have the mean power, and the mask of that power', () => {
    const image = new SpectrogramImage(scaleOf(2001, 1));
    expect(image.levels.map((level) => level.columns)).toEqual([2001, 1001, 501, 251]);
    image.write(columns(0, 1001, 1, 1, 0));
    image.write(columns(1001, 2, 1, 0, 1));
    expect(image.levels[1].mixture[499]).toBe(255);
    // Frames 1000 (0 dB) and 1001 (the floor): half the power, −3 dB; what does not sound has no say in the mask.
    expect(byteDecibels(image.levels[1].mixture[500])).toBeCloseTo(10 * Math.log10(0.5), 0);
    expect(image.levels[1].mask[500]).toBe(0);
    image.write(columns(1003, 998, 1, 0, 1));
    expect(image.levels[3].mixture[124]).toBe(255);
    expect(image.levels[3].mixture[126]).toBe(0);
  });

  test('keeps the power of noise through all levels, to half a decibel', () => {
    const frames = 4096;
    const noise = columns(0, frames, 1, 0, 0.5);
    let power = 0;
    for (let i = 0; i < frames; i++) {
      noise.mixture[i] = 10 ** ((-60 + 50 * Math.abs(Math.sin(17 * i * i + 1))) / 20);
      power += noise.mixture[i] ** 2 / frames;
    }
    const image = new SpectrogramImage(scaleOf(frames, 1));
    image.write(noise);
    for (const { columns: count, mixture } of image.levels) {
      const mean = mixture.reduce((sum, byte) => sum + 10 ** (byteDecibels(byte) / 10) / count, 0);
      expect(Math.abs(10 * Math.log10(mean / power))).toBeLessThan(0.5);
    }
  });

  test('is the same in whatever pieces and in whatever order the columns come', () => {
    const frames = 1237;
    const whole = columns(0, frames, 3, 0, 0);
    for (let i = 0; i < whole.mixture.length; i++) {
      whole.mixture[i] = Math.abs(Math.sin(i));
      whole.mask[i] = Math.cos(i) ** 2;
    }
    const atOnce = new SpectrogramImage(scaleOf(frames, 3));
    atOnce.write(whole);
    const pieces = new SpectrogramImage(scaleOf(frames, 3));
    for (const first of [666, 0, 1221, 111, 222, 555, 333, 444, 777, 888, 999, 1110]) {
      const count = Math.min(111, frames - first);
      const [from, to] = [first * 3, (first + count) * 3];
      pieces.write({
        firstFrame: first,
        frames: count,
        bins: 3,
        mixture: whole.mixture.subarray(from, to),
        mask: whole.mask.subarray(from, to),
      });
    }
    expect(pieces.levels).toEqual(atOnce.levels);
  });

  test('stays within its memory for a song of ten hours: columns stand for several frames, of which the loudest shows', () => {
    const frames = Math.round((36_000 * 8192) / 768);
    const image = new SpectrogramImage(scaleOf(frames, 512));
    expect(image.bytes).toBeLessThan(2.1 * MAX_FINE_BYTES);
    expect(image.shape.reduction).toBe(4);
    const piece = columns(8, 3, 512, 0.001, 0);
    piece.mixture[512] = 0.5;
    piece.mask[512] = 0.75;
    image.write(piece);
    for (const frame of [0, 9, 15]) {
      expect(image.at(frame, 0)?.decibels).toBeCloseTo(-6, 0);
      expect(image.at(frame, 0)?.mask).toBeCloseTo(0.75, 2);
      expect(image.at(frame, 1)?.decibels).toBeCloseTo(-60, 0);
    }
    expect(image.at(16, 0)).toBeUndefined();
  });
});
