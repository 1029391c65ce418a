import { describe, expect, test } from 'vitest';
import {
  centred,
  MIN_VIEW_SECONDS,
  panned,
  pinched,
  showsAll,
  timeAt,
  timeTicks,
  unitOfTime,
  wholeSong,
  widened,
  zoomed,
} from '../../../src/ui/timeline/viewport.ts';

describe('the viewport', () => {
  const whole = wholeSong(200);

  test('keeps the moment under the pointer where it is while zooming', () => {
    const near = zoomed(whole, 4, 60);
    expect(near.span).toBe(50);
    expect(unitOfTime(near, 60)).toBeCloseTo(unitOfTime(whole, 60), 12);
    expect(unitOfTime(zoomed(near, 1.7, 60), 60)).toBeCloseTo(0.3, 12);
  });

  test('keeps both fingers of a pinch on their moments, however many steps it comes in', () => {
    // The left finger from 0.4 to 0.2, the right one from 0.6 to 0.9: three and a half times as far apart.
    const inSteps = (steps: number) => {
      let view = zoomed(whole, 2, 100);
      let at = [0.4, 0.6];
      for (let n = 1; n <= steps; n++) {
        const to = [0.4 - (0.2 * n) / steps, 0.6 + (0.3 * n) / steps];
        view = pinched(view, (to[1] - to[0]) / (at[1] - at[0]), (at[0] + at[1]) / 2, (to[0] + to[1]) / 2);
        at = to;
      }
      return view;
    };
    for (const steps of [1, 2, 30]) {
      // At first 50 s to 150 s are seen: the fingers lie on 90 s and 110 s.
      expect(unitOfTime(inSteps(steps), 90)).toBeCloseTo(0.2, 9);
      expect(unitOfTime(inSteps(steps), 110)).toBeCloseTo(0.9, 9);
    }
  });

  test('is widened on both sides, as far as there is song', () => {
    expect(widened({ start: 50, span: 10, duration: 200 }, 1)).toEqual({ start: 40, span: 30, duration: 200 });
    expect(widened({ start: 4, span: 10, duration: 200 }, 1)).toEqual({ start: 0, span: 24, duration: 200 });
    expect(widened({ start: 185, span: 10, duration: 200 }, 1)).toEqual({ start: 175, span: 25, duration: 200 });
    expect(widened(whole, 1)).toEqual(whole);
  });

  test('stays within the song when zooming out and panning', () => {
    const near = panned(zoomed(whole, 4, 60), 1000);
    expect(near.start + near.span).toBe(200);
    expect(panned(near, -1000).start).toBe(0);
    expect(zoomed(near, 0.01, 180)).toEqual(whole);
    expect(showsAll(zoomed(near, 0.01, 180))).toBe(true);
  });

  test('does not go nearer than a quarter of a second', () => {
    expect(zoomed(whole, 1e6, 100).span).toBe(MIN_VIEW_SECONDS);
    expect(zoomed(wholeSong(0.2), 10, 0.1).span).toBe(0.2);
  });

  test('puts the playhead in the middle, as far as the ends of the song allow', () => {
    const near = zoomed(whole, 10, 0);
    expect(unitOfTime(centred(near, 100), 100)).toBeCloseTo(0.5, 12);
    expect(centred(near, 2).start).toBe(0);
    expect(centred(near, 199).start).toBe(180);
  });

  test('reads the time at a place of the screen', () => {
    const near = panned(zoomed(whole, 4, 0), 20);
    expect(timeAt(near, 0)).toBe(20);
    expect(timeAt(near, 0.5)).toBe(45);
    expect(timeAt(whole, 2)).toBe(200);
  });
});

describe('timeTicks', () => {
  test('names round moments, no more than there is space for', () => {
    expect(timeTicks(wholeSong(45), 10)).toEqual({ step: 5, times: [0, 5, 10, 15, 20, 25, 30, 35, 40, 45] });
    const { step, times } = timeTicks({ start: 61.3, span: 2, duration: 200 }, 5);
    expect(step).toBe(0.5);
    expect(times).toEqual([61.5, 62, 62.5, 63]);
  });
});
