import { describe, expect, test } from 'vitest';
import { type Cover, coverBox, coverLine, overtones } from '../../src/dsp/mask-paint.ts';

const size = { frames: 40, bins: 30 };

function painted(paint: (cover: Cover) => void): (frame: number, bin: number) => number {
  const cells = new Map<string, number>();
  paint((frame, bin, weight) => {
    expect(cells.has(`${frame},${bin}`), 'a cell is told once').toBe(false);
    expect(frame >= 0 && frame < size.frames && bin >= 0 && bin < size.bins).toBe(true);
    cells.set(`${frame},${bin}`, weight);
  });
  return (frame, bin) => cells.get(`${frame},${bin}`) ?? 0;
}

describe('a brush', () => {
  const brush = { radiusFrames: 4, radiusBins: 2, feather: 0 };

  test('covers an ellipse as wide and as high as it is', () => {
    const at = painted((cover) =>
      coverLine(size, { from: { frame: 20, bin: 10 }, to: { frame: 20, bin: 10 } }, brush, cover),
    );
    expect([at(16, 10), at(24, 10), at(20, 8), at(20, 12)]).toEqual([1, 1, 1, 1]);
    expect([at(15, 10), at(25, 10), at(20, 7), at(20, 13), at(24, 12)]).toEqual([0, 0, 0, 0, 0]);
  });

  test('leaves no gap between two places of the pointer', () => {
    const at = painted((cover) =>
      coverLine(size, { from: { frame: 5, bin: 5 }, to: { frame: 35, bin: 25 } }, brush, cover),
    );
    for (let step = 0; step <= 30; step++) expect(at(5 + step, Math.round(5 + (step * 20) / 30))).toBe(1);
  });

  test('fades out over its feather and has full weight in the middle', () => {
    const soft = { ...brush, radiusFrames: 8, feather: 1 };
    const at = painted((cover) =>
      coverLine(size, { from: { frame: 20, bin: 10 }, to: { frame: 20, bin: 10 } }, soft, cover),
    );
    const row = [0, 2, 4, 6].map((offset) => at(20 + offset, 10));
    expect(row[0]).toBe(1);
    // Half a cosine: 1/2 at half of the radius.
    expect(row[2]).toBeCloseTo(0.5, 12);
    expect(row).toEqual([...row].sort((a, b) => b - a));
  });

  test('goes over the edges of the mask without harm', () => {
    painted((cover) => coverLine(size, { from: { frame: -3, bin: -2 }, to: { frame: 50, bin: 40 } }, brush, cover));
  });
});

describe('a box', () => {
  test('covers the cells between its corners, in any order of the corners', () => {
    const brush = { radiusFrames: 4, radiusBins: 4, feather: 0 };
    const at = painted((cover) =>
      coverBox(size, { from: { frame: 12, bin: 9 }, to: { frame: 3, bin: 20 } }, brush, cover),
    );
    expect([at(3, 9), at(12, 20), at(12, 9), at(7, 15)]).toEqual([1, 1, 1, 1]);
    expect([at(2, 9), at(13, 20), at(12, 8), at(7, 21)]).toEqual([0, 0, 0, 0]);
  });

  test('fades out beyond its edges with a feather', () => {
    const brush = { radiusFrames: 4, radiusBins: 4, feather: 1 };
    const at = painted((cover) =>
      coverBox(size, { from: { frame: 10, bin: 10 }, to: { frame: 20, bin: 20 } }, brush, cover),
    );
    expect(at(20, 15)).toBe(1);
    expect(at(21, 15)).toBeGreaterThan(at(23, 15));
    expect(at(24, 15)).toBeGreaterThan(0);
    expect(at(26, 15)).toBe(0);
  });
});

describe('overtones', () => {
  test('are whole multiples of the tone, up to the mask’s top', () => {
    // Bin 0 is 8 Hz, as in the paper's patch: 440 Hz lies at bin 54.
    const found = overtones(54, { bins: 512, firstBinHz: 8, binHz: 8 });
    expect(found.map((bin) => 8 + bin * 8)).toEqual([440, 880, 1320, 1760, 2200, 2640, 3080, 3520, 3960]);
  });

  test('are omitted when they would be too close', () => {
    expect(overtones(0, { bins: 512, firstBinHz: 8, binHz: 8 })).toEqual([0]);
  });
});
