import { describe, expect, it } from 'vitest';
import { Ranges } from '../../src/core/ranges.ts';

/** The same, number by number. */
function slowly(numbers: ReadonlySet<number>, end: number): { start: number; end: number }[] {
  const list: { start: number; end: number }[] = [];
  for (let n = 0; n < end; n++) {
    if (!numbers.has(n)) continue;
    if (numbers.has(n - 1)) list[list.length - 1].end = n + 1;
    else list.push({ start: n, end: n + 1 });
  }
  return list;
}

describe('Ranges', () => {
  it('keeps what a set of numbers keeps, in whatever order it comes', () => {
    let seed = 7;
    const random = (most: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return Math.floor((seed / 2147483648) * most);
    };
    for (let round = 0; round < 40; round++) {
      const ranges = new Ranges();
      const numbers = new Set<number>();
      for (let step = 0; step < 12; step++) {
        const start = random(50);
        const end = start + random(9);
        ranges.add(start, end);
        for (let n = start; n < end; n++) numbers.add(n);
        expect(ranges.list).toEqual(slowly(numbers, 60));
        expect(ranges.size).toBe(numbers.size);
      }
      const missing = new Set(Array.from({ length: 60 }, (_, n) => n).filter((n) => !numbers.has(n)));
      expect(ranges.gaps(60)).toEqual(slowly(missing, 60));
    }
  });

  it('says how far it goes on from a place', () => {
    const ranges = new Ranges([
      { start: 10, end: 20 },
      { start: 30, end: 40 },
    ]);
    expect([ranges.reach(9), ranges.reach(10), ranges.reach(19), ranges.reach(20)]).toEqual([9, 20, 20, 20]);
    expect([ranges.has(10, 20), ranges.has(10, 21), ranges.has(25, 25)]).toEqual([true, false, true]);
    expect(ranges.gapAt(15, 100)).toEqual({ start: 20, end: 30 });
    expect(ranges.gapAt(45, 100)).toEqual({ start: 45, end: 100 });
    expect(ranges.gapAt(30, 40)).toBeUndefined();
  });
});
