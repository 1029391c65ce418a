import { describe, expect, test } from 'vitest';
import { heardContextTime, heardPosition, measuresOutput } from '../../src/player/playhead.ts';

const playing = {
  position: 100_000,
  contextTime: 5,
  playing: true,
  counting: 0,
  speed: 1,
  loop: undefined,
  sinceWrap: Number.POSITIVE_INFINITY,
};

describe('heardPosition', () => {
  test('is behind the worklet by the latency of the output', () => {
    expect(heardPosition(playing, 5 - 0.05, 48_000, 1e6, 0)).toBeCloseTo(100_000 - 2400, 6);
  });

  test('runs on between two reports', () => {
    expect(heardPosition(playing, 5.01, 48_000, 1e6, 0)).toBeCloseTo(100_480, 6);
  });

  test('is never before the last seek, whatever the latency', () => {
    expect(heardPosition(playing, 4.8, 48_000, 1e6, 99_000)).toBe(99_000);
  });

  test('is never after the end of the song', () => {
    expect(heardPosition(playing, 50, 48_000, 110_000, 0)).toBe(110_000);
  });

  test('advances, and lags, at the playback speed', () => {
    expect(heardPosition({ ...playing, speed: 0.5 }, 5.01, 48_000, 1e6, 0)).toBeCloseTo(100_240, 6);
    expect(heardPosition({ ...playing, speed: 1.5 }, 5 - 0.05, 48_000, 1e6, 0)).toBeCloseTo(100_000 - 3600, 6);
  });

  test('follows a loop before and after the report', () => {
    const loop = { start: 90_000, end: 100_480 };
    expect(heardPosition({ ...playing, loop }, 5.02, 48_000, 1e6, 0)).toBeCloseTo(90_480, 6);
    const wrapped = { ...playing, loop, position: 90_100, sinceWrap: 100 };
    expect(heardPosition(wrapped, 4.99, 48_000, 1e6, 95_000)).toBeCloseTo(100_480 - 380, 6);
    expect(heardPosition(wrapped, 4.999, 48_000, 1e6, 95_000)).toBeCloseTo(90_052, 6);
  });

  test('stops while the song is paused, loading or counted in', () => {
    expect(heardPosition({ ...playing, counting: 2 }, 9, 48_000, 1e6, 0)).toBe(100_000);
    expect(heardPosition({ ...playing, playing: false }, 9, 48_000, 1e6, 0)).toBe(100_000);
    expect(heardPosition({ ...playing, loading: true }, 9, 48_000, 1e6, 0)).toBe(100_000);
  });
});

describe('heardContextTime', () => {
  const contextWith = (facts: object) => facts as unknown as AudioContext;

  test('uses the output’s own timestamp and the time since', () => {
    const getOutputTimestamp = () => ({ contextTime: 2, performanceTime: 1000 });
    expect(heardContextTime(contextWith({ getOutputTimestamp, currentTime: 2.4 }), 1250)).toBeCloseTo(2.25, 12);
  });

  test('subtracts the latency if there is no timestamp, or an implausible one', () => {
    for (const contextTime of [0, 1]) {
      const context = { getOutputTimestamp: () => ({ contextTime, performanceTime: contextTime }), currentTime: 9 };
      const late = { ...context, outputLatency: 0.2, baseLatency: 0.01 };
      const base = { ...context, outputLatency: 0, baseLatency: 0.01 };
      expect(heardContextTime(contextWith(late), 1)).toBeCloseTo(8.8, 12);
      expect(heardContextTime(contextWith(base), 1)).toBeCloseTo(8.99, 12);
    }
  });

  test('stops with the context, however long the computer sleeps', () => {
    const getOutputTimestamp = () => ({ contextTime: 2.9, performanceTime: 1000 });
    const context = contextWith({ getOutputTimestamp, currentTime: 3 });
    expect(heardContextTime(context, 3_600_000)).toBe(3);
  });

  test('never asks for the latency where the browser does not measure', () => {
    const frozen = () => {
      throw new Error('The page freezes.');
    };
    const context = Object.defineProperty(
      { getOutputTimestamp: frozen, currentTime: 2, baseLatency: 0.01 },
      'outputLatency',
      {
        get: frozen,
      },
    );
    expect(heardContextTime(contextWith(context), 1, false)).toBeCloseTo(1.99, 12);
  });
});

describe('measuresOutput', () => {
  test.each([
    // Chromium, WebKit: nothing was heard yet.
    [{ getOutputTimestamp: () => ({ contextTime: 0, performanceTime: 0 }) }, true],
    // Firefox: the present, minus a latency.
    [{ getOutputTimestamp: () => ({ contextTime: 0, performanceTime: 1234.5 }) }, false],
    [{}, true],
  ])('tells it by a new context %#', (facts, expected) => {
    expect(measuresOutput(facts as unknown as AudioContext)).toBe(expected);
  });
});
