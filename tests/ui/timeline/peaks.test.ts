import { describe, expect, test } from 'vitest';
import { PeakTrack } from '../../../src/ui/timeline/peaks.ts';

describe('PeakTrack', () => {
  test('finds the greatest and least sample of each hundredth of a second over all channels', () => {
    const peaks = new PeakTrack(1000, 1000);
    const left = new Float32Array(1000);
    const right = new Float32Array(1000);
    left[15] = 0.5;
    right[19] = 0.7;
    right[20] = -0.9;
    peaks.add(0, [left, right]);
    expect(peaks.upper.length).toBe(100);
    expect(peaks.upper[1]).toBeCloseTo(0.7, 6);
    expect(peaks.lower[1]).toBe(0);
    expect(peaks.lower[2]).toBeCloseTo(-0.9, 6);
    expect(peaks.upper[3]).toBe(0);
    expect(peaks.peak).toBeCloseTo(0.9, 6);
  });

  test('is the same however the samples come in pieces', () => {
    const samples = Float32Array.from({ length: 44_113 }, (_, n) => Math.sin(n * n * 0.001));
    const atOnce = new PeakTrack(samples.length, 44_100);
    atOnce.add(0, [samples]);
    const pieces = new PeakTrack(samples.length, 44_100);
    for (let start = 0; start < samples.length; start += 777) pieces.add(start, [samples.subarray(start, start + 777)]);
    expect(pieces.upper).toEqual(atOnce.upper);
    expect(pieces.lower).toEqual(atOnce.lower);
  });

  test('clips what is over full scale', () => {
    const peaks = new PeakTrack(10, 1000);
    peaks.add(0, [Float32Array.of(3, -4, 0, 0, 0, 0, 0, 0, 0, 0)]);
    expect([peaks.upper[0], peaks.lower[0]]).toEqual([1, -1]);
  });

  test('takes a song of one sample', () => {
    const peaks = new PeakTrack(1, 44_100);
    peaks.add(0, [Float32Array.of(0.25)]);
    expect([...peaks.upper]).toEqual([0.25]);
  });
});
