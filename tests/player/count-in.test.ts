import { describe, expect, test } from 'vitest';
import { beatSeconds, bpmOfTaps, bpmWithin, clickSample, tapped } from '../../src/player/count-in.ts';

describe('the tempo', () => {
  test('is in beats per minute, and scales with the speed of the song', () => {
    expect(beatSeconds(120, 1)).toBe(0.5);
    expect(beatSeconds(100, 0.5)).toBeCloseTo(1.2, 12);
  });

  test('is a whole number between 30 and 300', () => {
    expect(bpmWithin(99.6)).toBe(100);
    expect(bpmWithin(1)).toBe(30);
    expect(bpmWithin(1e9)).toBe(300);
    expect(bpmWithin(Number.NaN)).toBe(100);
  });

  test('is the mean of the last taps, and starts again after a pause', () => {
    let taps: readonly number[] = [];
    expect(bpmOfTaps(taps)).toBeUndefined();
    for (const time of [10, 10.52, 10.98, 11.5, 12]) taps = tapped(taps, time);
    expect(bpmOfTaps(taps)).toBe(120);
    taps = tapped(taps, 20);
    expect(taps).toEqual([20]);
    for (let n = 1; n < 30; n++) taps = tapped(taps, 20 + 0.75 * n);
    expect(taps.length).toBe(8);
    expect(bpmOfTaps(taps)).toBe(80);
  });
});

test('clicks begin and end without a step; the first one is higher', () => {
  const countIn = { beats: 2, interval: 0.5 };
  const rate = 48_000;
  const samples = Float32Array.from({ length: 48_000 }, (_, n) => clickSample(n, countIn, rate));
  let largest = 0;
  for (let n = 1; n < samples.length; n++) largest = Math.max(largest, Math.abs(samples[n] - samples[n - 1]));
  expect(largest).toBeLessThan((2 * Math.PI * 1760 * 0.4) / rate + 0.01);
  const crossings = (from: number) => {
    const click = samples.subarray(from, from + 1200);
    return click.reduce((count, value, n) => (n > 0 && click[n - 1] < 0 && value >= 0 ? count + 1 : count), 0);
  };
  expect(crossings(0)).toBeGreaterThan(crossings(24_000) + 8);
});
