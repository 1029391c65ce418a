import { describe, expect, test } from 'vitest';
import { roundEnd, roundTicks } from '../../../src/learning/widgets/ticks.ts';

describe('the labels of an axis', () => {
  test.each([
    [0, 1, 6, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [0, 50, 6, [0, 10, 20, 30, 40, 50]],
    [0, 57, 6, [0, 20, 40]],
    [-20, 30, 6, [-20, -10, 0, 10, 20, 30]],
    [-15, 15, 7, [-15, -10, -5, 0, 5, 10, 15]],
    [0, 0.03, 4, [0, 0.01, 0.02, 0.03]],
    [0, 1234, 3, [0, 1000]],
    [0, 4, 5, [0, 1, 2, 3, 4]],
  ])('from %d to %d, %d at most', (from, to, max, ticks) => {
    expect(roundTicks(from, to, max)).toEqual(ticks);
  });

  test('are never more than asked for, and at least one', () => {
    for (let to = 0.013; to < 5000; to *= 1.37) {
      for (const max of [2, 3, 5, 8, 13]) {
        const ticks = roundTicks(0, to, max);
        expect(ticks.length).toBeLessThanOrEqual(max);
        expect(ticks.length).toBeGreaterThanOrEqual(1);
        expect(ticks.at(-1)).toBeLessThanOrEqual(to * (1 + 1e-9));
      }
    }
  });
});

test('an axis ends with a label', () => {
  expect([roundEnd(0.0213, 6), roundEnd(0.02, 6), roundEnd(0.01, 6), roundEnd(7, 6)]).toEqual([0.025, 0.02, 0.01, 8]);
});
