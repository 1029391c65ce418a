import { describe, expect, test } from 'vitest';
import { heardContextTime, heardPosition } from '../../src/player/playhead.ts';

const playing = { position: 100_000, contextTime: 5, playing: true, holding: false };

describe('heardPosition', () => {
  test('is behind the worklet by the latency of the output', () => {
    expect(heardPosition(playing, 5 - 0.05, 48_000, 1e6, 0)).toBeCloseTo(100_000 - 2400, 6);
  });

  test('runs on between two reports', () => {
    expect(heardPosition(playing, 5.01, 48_000, 1e6, 0)).toBeCloseTo(100_480, 6);
  });

  test('is never before the place of the last seek, whatever the latency', () => {
    expect(heardPosition(playing, 4.8, 48_000, 1e6, 99_000)).toBe(99_000);
  });

  test('is never after the end of the song', () => {
    expect(heardPosition(playing, 50, 48_000, 110_000, 0)).toBe(110_000);
  });

  test('stands still while the song is paused or holds', () => {
    expect(heardPosition({ ...playing, playing: false }, 9, 48_000, 1e6, 0)).toBe(100_000);
    expect(heardPosition({ ...playing, holding: true }, 9, 48_000, 1e6, 0)).toBe(100_000);
  });
});

describe('heardContextTime', () => {
  test('takes the output’s own timestamp and the time since', () => {
    const context = { getOutputTimestamp: () => ({ contextTime: 2, performanceTime: 1000 }), currentTime: 9 };
    expect(heardContextTime(context as unknown as AudioContext, 1250)).toBeCloseTo(2.25, 12);
  });

  test('takes the latency off where there is no timestamp', () => {
    const context = { getOutputTimestamp: () => ({ contextTime: 0, performanceTime: 0 }), currentTime: 9 };
    const late = { ...context, outputLatency: 0.2, baseLatency: 0.01 };
    const base = { ...context, outputLatency: 0, baseLatency: 0.01 };
    expect(heardContextTime(late as unknown as AudioContext, 0)).toBeCloseTo(8.8, 12);
    expect(heardContextTime(base as unknown as AudioContext, 0)).toBeCloseTo(8.99, 12);
  });
});
