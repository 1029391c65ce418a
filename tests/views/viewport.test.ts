import { describe, expect, test } from 'vitest';
import {
  centred,
  NARROWEST_SECONDS,
  panned,
  showsAll,
  timeAt,
  timeTicks,
  unitOfTime,
  wholeSong,
  zoomed,
} from '../../src/views/viewport.ts';

describe('the viewport', () => {
  const whole = wholeSong(200);

  test('keeps the moment under the pointer where it is while zooming', () => {
    const near = zoomed(whole, 4, 60);
    expect(near.span).toBe(50);
    expect(unitOfTime(near, 60)).toBeCloseTo(unitOfTime(whole, 60), 12);
    expect(unitOfTime(zoomed(near, 1.7, 60), 60)).toBeCloseTo(0.3, 12);
  });

  test('stays within the song when zooming out and panning', () => {
    const near = panned(zoomed(whole, 4, 60), 1000);
    expect(near.start + near.span).toBe(200);
    expect(panned(near, -1000).start).toBe(0);
    expect(zoomed(near, 0.01, 180)).toEqual(whole);
    expect(showsAll(zoomed(near, 0.01, 180))).toBe(true);
  });

  test('does not go nearer than a quarter of a second', () => {
    expect(zoomed(whole, 1e6, 100).span).toBe(NARROWEST_SECONDS);
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
  test('names round moments, no more than there is room for', () => {
    expect(timeTicks(wholeSong(45), 10)).toEqual({ step: 5, times: [0, 5, 10, 15, 20, 25, 30, 35, 40, 45] });
    const { step, times } = timeTicks({ start: 61.3, span: 2, duration: 200 }, 5);
    expect(step).toBe(0.5);
    expect(times).toEqual([61.5, 62, 62.5, 63]);
  });
});
