import { describe, expect, test } from 'vitest';
import { frequencyAxis } from '../../../src/ui/spectrogram/frequency-axis.ts';
import {
  MIN_HZ,
  MIN_SECONDS,
  regionBetween,
  regionMoved,
  regionWithEdge,
  regionWithin,
} from '../../../src/ui/spectrogram/region.ts';

const bounds = { duration: 10, lowHz: 0, highHz: 4104 };

describe('a region', () => {
  test('lies between two corners, whichever comes first', () => {
    const region = { start: 2, end: 3, lowHz: 100, highHz: 400 };
    expect(regionBetween({ seconds: 3, hz: 100 }, { seconds: 2, hz: 400 }, bounds)).toEqual(region);
    expect(regionBetween({ seconds: 2, hz: 400 }, { seconds: 3, hz: 100 }, bounds)).toEqual(region);
  });

  test('is never outside the song, nor too small to be heard', () => {
    const region = regionWithin({ start: 11, end: 12, lowHz: 5000, highHz: 6000 }, bounds);
    expect(region.end).toBe(10);
    expect(region.end - region.start).toBeCloseTo(MIN_SECONDS, 9);
    expect(region.highHz).toBe(4104);
    expect(region.highHz - region.lowHz).toBeCloseTo(MIN_HZ, 9);
  });

  test('has edges that take each other along', () => {
    const region = { start: 2, end: 3, lowHz: 100, highHz: 400 };
    expect(regionWithEdge(region, 'start', 2.5)).toEqual({ ...region, start: 2.5 });
    expect(regionWithEdge(region, 'start', 7)).toEqual({ ...region, start: 7, end: 8 });
    expect(regionWithEdge(region, 'end', 1)).toEqual({ ...region, start: 0, end: 1 });
    expect(regionWithEdge(region, 'lowHz', 1000)).toEqual({ ...region, lowHz: 1000, highHz: 1300 });
    expect(regionWithEdge(region, 'highHz', 300)).toEqual({ ...region, highHz: 300 });
  });

  test('moves in octaves on a logarithmic axis, and keeps its size at the edges', () => {
    const axis = frequencyAxis('log', 4104);
    const octave = 1 / Math.log2(4104 / 50);
    const moved = regionMoved(
      { start: 1, end: 2, lowHz: 100, highHz: 200 },
      { seconds: 0.5, units: octave },
      axis,
      bounds,
    );
    expect(moved.start).toBeCloseTo(1.5, 9);
    expect(moved.lowHz).toBeCloseTo(200, 6);
    expect(moved.highHz).toBeCloseTo(400, 6);
    const stopped = regionMoved(moved, { seconds: 100, units: 10 }, axis, bounds);
    expect(stopped.end).toBe(10);
    expect(stopped.end - stopped.start).toBeCloseTo(1, 9);
    expect(stopped.highHz / stopped.lowHz).toBeCloseTo(2, 6);
  });
});
