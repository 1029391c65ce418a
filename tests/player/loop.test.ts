import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loopBetween, positionAfter, positionBefore, seamKind } from '../../src/player/loop.ts';

describe('loopBetween', () => {
  test('is the samples between two places, in either order', () => {
    expect(loopBetween(1, 2.5, 1000, 10_000)).toEqual({ start: 1000, end: 2500 });
    expect(loopBetween(2.5, 1, 1000, 10_000)).toEqual({ start: 1000, end: 2500 });
  });

  test('lies within the song and is at least a tenth of a second long', () => {
    expect(loopBetween(-3, 99, 1000, 10_000)).toEqual({ start: 0, end: 10_000 });
    expect(loopBetween(4, 4, 1000, 10_000)).toEqual({ start: 4000, end: 4100 });
    expect(loopBetween(10, 10, 1000, 10_000)).toEqual({ start: 9900, end: 10_000 });
    expect(loopBetween(0, 1, 1000, 30)).toEqual({ start: 0, end: 30 });
  });
});

describe('positions in a loop', () => {
  const loop = { start: 100, end: 150 };

  test('go from the end to the start, any number of times', () => {
    expect(positionAfter(140, 9, loop)).toBe(149);
    expect(positionAfter(140, 10, loop)).toBe(100);
    expect(positionAfter(140, 135, loop)).toBe(125);
  });

  test('enter the loop from before it, and go on from after it', () => {
    expect(positionAfter(90, 65, loop)).toBe(105);
    expect(positionAfter(150, 100, loop)).toBe(250);
    expect(positionAfter(90, 65, undefined)).toBe(155);
  });

  test('going back reverses going forward', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 149 }), fc.integer({ min: 0, max: 400 }), (from, distance) => {
        // Walked sample by sample, as the reader does.
        let position = from;
        let sinceWrap = Number.POSITIVE_INFINITY;
        for (let n = 0; n < distance; n++) {
          position++;
          sinceWrap++;
          if (position >= loop.end) [position, sinceWrap] = [loop.start, 0];
        }
        expect(positionAfter(from, distance, loop)).toBe(position);
        if (distance > 0) {
          const before = positionBefore(position, 1, sinceWrap, loop);
          expect(before).toBe(sinceWrap === 0 ? loop.end - 1 : position - 1);
        }
      }),
    );
    expect(positionBefore(105, 5, 5, loop)).toBe(100);
    expect(positionBefore(105, 6, 5, loop)).toBe(149);
    expect(positionBefore(105, 6, Number.POSITIVE_INFINITY, loop)).toBe(99);
  });
});

test('a seam uses the sound before the start, else the sound after the end, else it dips', () => {
  expect(seamKind({ start: 10, end: 90 }, 10, 100)).toBe('before');
  expect(seamKind({ start: 9, end: 90 }, 10, 100)).toBe('after');
  expect(seamKind({ start: 9, end: 91 }, 10, 100)).toBe('dip');
});
