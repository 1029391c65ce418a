import { describe, expect, test } from 'vitest';
import { commonScale, framesOver, maskDifference } from '../../src/dsp/mask-difference.ts';
import type { SpectrogramColumns, SpectrogramScale } from '../../src/dsp/spectrogram-scale.ts';

const scale = (frames: number, bins: number, binHz: number, frameSeconds: number): SpectrogramScale => ({
  frames,
  bins,
  firstBinHz: 0,
  binHz,
  frameSeconds,
});

/** Columns whose mask is a function of seconds and hertz, and whose mixture is the number of the cell. */
function columnsOf(
  { bins, binHz, frameSeconds }: SpectrogramScale,
  firstFrame: number,
  frames: number,
  mask: (seconds: number, hz: number) => number,
): SpectrogramColumns {
  const cells = Array.from({ length: frames * bins }, (_, n) => n);
  return {
    firstFrame,
    frames,
    bins,
    mixture: Float32Array.from(cells),
    mask: Float32Array.from(cells, (n) => mask((firstFrame + Math.floor(n / bins)) * frameSeconds, (n % bins) * binHz)),
  };
}

describe('the difference of two masks', () => {
  test('on one grid is the distance of their cells', () => {
    const one = scale(3, 2, 100, 0.1);
    const a = columnsOf(one, 1, 2, () => 0.25);
    const b = columnsOf(one, 1, 2, (_, hz) => (hz === 0 ? 1 : 0));
    const { mask, mixture, firstFrame, frames, bins } = maskDifference(
      { columns: a, scale: one },
      { columns: b, scale: one },
    );
    expect({ firstFrame, frames, bins }).toEqual({ firstFrame: 1, frames: 2, bins: 2 });
    expect([...mask]).toEqual([0.75, 0.25, 0.75, 0.25]);
    expect(mixture).toEqual(a.mixture);
  });

  test('on another grid is exact where the masks are linear in time and frequency', () => {
    // As of models at 44.1 kHz and at 8.2 kHz: another hop, another bin, another top.
    const fine = scale(40, 100, 10.77, 0.0232);
    const coarse = scale(11, 40, 8, 0.0938);
    const linear = (seconds: number, hz: number) => 0.1 + 0.4 * seconds + 0.001 * hz;
    const other = framesOver(fine, coarse, 7, 30);
    const a = { columns: columnsOf(fine, 7, 23, () => 0.9), scale: fine };
    const b = { columns: columnsOf(coarse, other.first, other.end - other.first, linear), scale: coarse };
    const { mask, bins } = maskDifference(a, b);
    // 39 · 8 Hz = 312 Hz is the last that both have: bin 28 of the fine one.
    expect(bins).toBe(29);
    for (let frame = 0; frame < 23; frame++) {
      for (let bin = 0; bin < bins; bin++) {
        const truth = Math.abs(0.9 - linear((7 + frame) * fine.frameSeconds, bin * fine.binHz));
        expect(Math.abs(mask[frame * bins + bin] - truth)).toBeLessThan(1e-6);
      }
    }
  });

  test('reaches as high as the lower of the two', () => {
    const [low, high] = [scale(5, 50, 10, 0.1), scale(5, 100, 20, 0.1)];
    expect(commonScale(low, high).bins).toBe(50);
    expect(commonScale(high, low).bins).toBe(25);
    expect(commonScale(high, high)).toEqual(high);
  });

  test('asks for the frames on both sides, within the song', () => {
    expect(framesOver(scale(100, 1, 1, 0.02), scale(20, 1, 1, 0.1), 0, 6)).toEqual({ first: 0, end: 2 });
    expect(framesOver(scale(100, 1, 1, 0.02), scale(20, 1, 1, 0.1), 7, 9)).toEqual({ first: 1, end: 3 });
    expect(framesOver(scale(100, 1, 1, 0.02), scale(20, 1, 1, 0.1), 99, 100)).toEqual({ first: 19, end: 20 });
  });
});
