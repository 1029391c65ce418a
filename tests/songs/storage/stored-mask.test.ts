import { describe, expect, test } from 'vitest';
import { ONE, StoredMask } from '../../../src/songs/storage/stored-mask.ts';

const scale = { frames: 6, bins: 2, firstBinHz: 0, binHz: 1, frameSeconds: 1 };
const columns = (firstFrame: number, mask: number[]) => ({
  firstFrame,
  frames: mask.length / 2,
  bins: 2,
  mixture: new Float32Array(mask.length),
  mask: Float32Array.from(mask),
});

describe('StoredMask', () => {
  test('returns columns written in any order, to 16 bits', () => {
    const kept = new StoredMask(scale);
    kept.write(columns(4, [0.3, 1, 0, 0.7]));
    kept.write(columns(0, [0.123456, 0.5]));
    const out = [0, 1, 2, 3, 4, 5].flatMap((frame) => Array.from(kept.row(frame), (cell) => cell / ONE));
    [0.123456, 0.5, 0, 0, 0, 0, 0, 0, 0.3, 1, 0, 0.7].forEach((value, n) => {
      expect(Math.abs(out[n] - value)).toBeLessThanOrEqual(0.5 / 65535 + 1e-7);
    });
    expect([0, 1, 3, 4, 5].map((frame) => kept.has(frame))).toEqual([true, false, false, true, true]);
  });

  test('keeps the mixture’s levels, 0 dB being a full-scale sine', () => {
    const kept = new StoredMask(scale);
    kept.write({ ...columns(1, [0, 0, 0, 0]), mixture: Float32Array.of(1, 0.1, 0, 1e-6) });
    expect([...kept.levels(1), ...kept.levels(2)]).toEqual([255, 204, 0, 0]);
  });

  test('drops columns after the song’s end, and values outside 0 to 1', () => {
    const kept = new StoredMask(scale);
    kept.write(columns(5, [2, -1, 0.9, 0.9]));
    expect([...kept.row(5)]).toEqual([ONE, 0]);
  });
});
