import { describe, expect, test } from 'vitest';
import { ANIMATION_MS, between, ViewAnimation } from '../../../src/ui/timeline/view-animation.ts';
import { timeAt, unitOfTime, wholeSong, zoomed } from '../../../src/ui/timeline/viewport.ts';

describe('an animation', () => {
  const whole = wholeSong(240);

  test('keeps the moment that both views have at the same place where it is, all the way', () => {
    const near = zoomed(whole, 8, 100);
    const unit = unitOfTime(whole, 100);
    for (let part = 0; part <= 1; part += 0.1) expect(timeAt(between(whole, near, part), unit)).toBeCloseTo(100, 9);
  });

  test('goes from the one to the other, ever nearer', () => {
    const near = zoomed(whole, 100, 100);
    expect(between(whole, near, 0)).toEqual(whole);
    expect(between(whole, near, 1)).toBe(near);
    let last = whole.span + 1;
    for (let part = 0; part <= 1; part += 0.05) {
      const { span } = between(whole, near, part);
      expect(span).toBeLessThan(last);
      last = span;
    }
  });

  test('moves sideways where the zoom stays', () => {
    const from = { start: 10, span: 4, duration: 240 };
    const { start, span } = between(from, { ...from, start: 20 }, 0.5);
    expect(span).toBe(4);
    expect(start).toBeGreaterThan(15);
    expect(start).toBeLessThan(20);
  });

  test('ends after its time, and for who wants less motion at once', () => {
    const near = zoomed(whole, 2, 0);
    const moving = new ViewAnimation(() => false);
    moving.to(whole, near, 1000);
    expect(moving.goal(whole)).toBe(near);
    expect(moving.at(1000)?.span).toBe(240);
    expect(moving.at(1000 + ANIMATION_MS)).toBe(near);
    expect(moving.at(1000 + ANIMATION_MS)).toBeUndefined();
    const still = new ViewAnimation(() => true);
    still.to(whole, near, 1000);
    expect(still.at(1000)).toBe(near);
    expect(still.at(1000)).toBeUndefined();
  });
});
