import { describe, expect, test } from 'vitest';
import {
  decibels,
  gainOfPosition,
  isSilent,
  levelsOf,
  mixOf,
  modeOf,
  PRESETS,
  positionOfGain,
  withStemLevel,
} from '../../src/player/mix-state.ts';

describe('the faders', () => {
  test('go from off through 0 dB to +6 dB', () => {
    expect(gainOfPosition(0)).toBe(0);
    expect(gainOfPosition(0.8)).toBe(1);
    expect(gainOfPosition(1)).toBeCloseTo(2, 12);
  });

  test('have an exact 0 dB that is easy to hit', () => {
    expect(gainOfPosition(0.804)).toBe(1);
    expect(gainOfPosition(0.79)).toBeLessThan(1);
  });

  test('are strictly increasing', () => {
    for (let step = 1; step <= 100; step++) {
      expect(gainOfPosition(step / 100)).toBeGreaterThan(gainOfPosition((step - 1) / 100));
    }
  });

  test('convert a gain back to its position', () => {
    for (const gain of [0, 0.01, 0.3, 1, 1.7, 2]) expect(gainOfPosition(positionOfGain(gain))).toBeCloseTo(gain, 9);
  });

  test('have levels in decibels', () => {
    expect(decibels(2)).toBeCloseTo(6.0206, 4);
    expect(decibels(0.1)).toBeCloseTo(-20, 9);
    expect(decibels(0)).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe('modeOf', () => {
  test('knows each preset of the switch', () => {
    for (const [mode, mix] of Object.entries(PRESETS)) expect(modeOf({ ...mix })).toBe(mode);
  });

  test('is custom for everything else', () => {
    expect(modeOf({ vocals: 1, accompaniment: 0.5 })).toBe('custom');
    expect(modeOf({ vocals: 0, accompaniment: 0 })).toBe('custom');
  });
});

describe('mute and solo', () => {
  const levels = levelsOf({ vocals: 0.5, accompaniment: 1.5 });
  const mute = { muted: true };
  const solo = { solo: true };

  test('do not change the levels when both are off', () => {
    expect(mixOf(levels)).toEqual({ vocals: 0.5, accompaniment: 1.5 });
  });

  test('a muted stem is silent, a solo stem is alone, and a muted solo stem is silence', () => {
    const { vocals, accompaniment } = levels;
    expect(mixOf({ ...levels, vocals: { ...vocals, ...mute } })).toEqual({ vocals: 0, accompaniment: 1.5 });
    expect(mixOf({ ...levels, vocals: { ...vocals, ...solo } })).toEqual({ vocals: 0.5, accompaniment: 0 });
    const both = { vocals: { ...vocals, ...solo }, accompaniment: { ...accompaniment, ...solo } };
    expect(mixOf(both)).toEqual({ vocals: 0.5, accompaniment: 1.5 });
    expect(mixOf({ ...levels, vocals: { ...vocals, ...mute, ...solo } })).toEqual({ vocals: 0, accompaniment: 0 });
  });
});

describe('a change of one stem', () => {
  const levels = levelsOf(PRESETS.original);

  test('solo releases the mute of the same stem, and mute its solo', () => {
    const muted = withStemLevel(levels, 'vocals', { muted: true });
    expect(mixOf(muted)).toEqual({ vocals: 0, accompaniment: 1 });
    const solo = withStemLevel(muted, 'vocals', { solo: true });
    expect(solo.vocals).toMatchObject({ muted: false, solo: true });
    expect(mixOf(solo)).toEqual({ vocals: 1, accompaniment: 0 });
    expect(mixOf(withStemLevel(solo, 'vocals', { muted: true }))).toEqual({ vocals: 0, accompaniment: 1 });
  });

  test('leaves the other stem and the level alone', () => {
    const both = withStemLevel(withStemLevel(levels, 'vocals', { muted: true }), 'accompaniment', { muted: true });
    expect(isSilent(mixOf(both))).toBe(true);
    expect(isSilent(mixOf(levels))).toBe(false);
    expect(withStemLevel(both, 'vocals', { gain: 0.5 }).vocals).toEqual({ gain: 0.5, muted: true, solo: false });
  });
});
