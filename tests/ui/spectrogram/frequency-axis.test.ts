import { describe, expect, test } from 'vitest';
import {
  type AxisKind,
  frequencyAxis,
  frequencyTicks,
  hzOfUnit,
  noteName,
  noteTicks,
  rowBins,
  unitOfHz,
} from '../../../src/ui/spectrogram/frequency-axis.ts';

const KINDS: readonly AxisKind[] = ['linear', 'log', 'mel'];

describe('frequencyAxis', () => {
  test.each(KINDS)('a %s axis goes from its bottom to its top and back again', (kind) => {
    const axis = frequencyAxis(kind, 4096);
    expect(unitOfHz(axis, axis.lowHz)).toBeCloseTo(0, 12);
    expect(unitOfHz(axis, 4096)).toBeCloseTo(1, 12);
    for (const hz of [60, 440, 1234, 4000]) expect(hzOfUnit(axis, unitOfHz(axis, hz))).toBeCloseTo(hz, 6);
  });

  test('an octave is as high everywhere on a logarithmic axis', () => {
    const axis = frequencyAxis('log', 4096);
    const octave = unitOfHz(axis, 200) - unitOfHz(axis, 100);
    expect(unitOfHz(axis, 3200) - unitOfHz(axis, 1600)).toBeCloseTo(octave, 12);
  });

  test('a mel axis puts 1000 Hz at 1000 mel', () => {
    // librosa.hz_to_mel(1000, htk=True) and (4096, htk=True).
    const axis = frequencyAxis('mel', 4096);
    expect(unitOfHz(axis, 1000)).toBeCloseTo(999.9856 / (2595 * Math.log10(1 + 4096 / 700)), 6);
  });
});

describe('frequencyTicks', () => {
  test.each(KINDS)('leave the foot of a low %s axis to its unit, and begin above it', (kind) => {
    const axis = frequencyAxis(kind, 4096);
    for (const height of [60, 80, 140]) {
      const [lowest] = frequencyTicks(axis, 17 / height, 18 / height);
      expect(unitOfHz(axis, lowest) * height).toBeGreaterThanOrEqual(18);
      expect(unitOfHz(axis, lowest) * height).toBeLessThan(60);
    }
  });
});

describe('rowBins', () => {
  test('gives each bin its own row where there are as many rows as bins on a linear axis', () => {
    const axis = { kind: 'linear', lowHz: 0, highHz: 64 } as const;
    const { from, to } = rowBins(axis, 8, { bins: 8, firstBinHz: 0, binHz: 8 });
    expect([...from]).toEqual([7, 6, 5, 4, 3, 2, 1, 0]);
    expect([...to]).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  });

  test('leaves rows above all bins empty: an axis may reach higher than the model', () => {
    const axis = { kind: 'linear', lowHz: 0, highHz: 128 } as const;
    const { from, to } = rowBins(axis, 8, { bins: 8, firstBinHz: 0, binHz: 8 });
    expect([...to].map((end, row) => end - from[row])).toEqual([0, 0, 0, 0, 2, 2, 2, 2]);
    expect([...from].slice(4)).toEqual([6, 4, 2, 0]);
  });

  test('shows every bin somewhere where rows are fewer than bins', () => {
    const axis = { kind: 'linear', lowHz: 0, highHz: 512 } as const;
    const { from, to } = rowBins(axis, 100, { bins: 512, firstBinHz: 0, binHz: 1 });
    const shown = new Set<number>();
    for (let row = 0; row < 100; row++) for (let bin = from[row]; bin < to[row]; bin++) shown.add(bin);
    expect(shown.size).toBe(512);
  });

  test.each(KINDS)('has at least one bin in every row, from high to low, on a %s axis', (kind) => {
    const { from, to } = rowBins(frequencyAxis(kind, 4104), 300, { bins: 512, firstBinHz: 8, binHz: 8 });
    for (let row = 0; row < 300; row++) {
      expect(to[row]).toBeGreaterThan(from[row]);
      expect(from[row]).toBeGreaterThanOrEqual(0);
      expect(to[row]).toBeLessThanOrEqual(512);
      if (row > 0) expect(from[row]).toBeLessThanOrEqual(from[row - 1]);
    }
  });
});

describe('frequencyTicks', () => {
  test('names round frequencies with space between them', () => {
    const axis = frequencyAxis('log', 4104);
    const ticks = frequencyTicks(axis, 0.15);
    expect(ticks).toEqual([100, 200, 500, 1000, 2000, 4000]);
    expect(frequencyTicks(frequencyAxis('linear', 4104), 0.2)).toEqual([1000, 2000, 3000, 4000]);
  });
});

describe('noteName', () => {
  test('names notes of equal temperament at 440 Hz', () => {
    expect(noteName(440)).toBe('A4');
    expect(noteName(261.6256)).toBe('C4');
    expect(noteName(27.5)).toBe('A0');
    expect(noteName(466.1638)).toBe('A♯4');
  });

  test('tells how far off a frequency is in cents', () => {
    // 12 cents above A4: 440 · 2^(12/1200).
    expect(noteName(443.0604)).toBe('A4 +12 ¢');
    expect(noteName(436.9607)).toBe('A4 −12 ¢');
  });

  test('has no name for 0 Hz', () => {
    expect(noteName(0)).toBe('');
  });
});

describe('noteTicks', () => {
  test('puts the Cs where a piano has them', () => {
    const ticks = noteTicks(frequencyAxis('log', 4104), 0.05);
    expect(ticks.map(({ name }) => name)).toEqual(['C2', 'C3', 'C4', 'C5', 'C6', 'C7']);
    // Helmholtz pitch at A4 = 440 Hz: C2, C4 (middle C) and C7 as in every table.
    expect(ticks[0].hz).toBeCloseTo(65.4064, 3);
    expect(ticks[2].hz).toBeCloseTo(261.6256, 3);
    expect(ticks[5].hz).toBeCloseTo(2093.0045, 3);
  });

  test.each(KINDS)('names an A4 of 440 Hz nine semitones above C4 on a %s axis', (kind) => {
    const axis = frequencyAxis(kind, 4104);
    const c4 = noteTicks(axis, 0).find(({ name }) => name === 'C4');
    expect(440 / (c4?.hz ?? 0)).toBeCloseTo(2 ** (9 / 12), 9);
    expect(noteName(hzOfUnit(axis, unitOfHz(axis, 440)))).toBe('A4');
  });

  test('keeps the higher ones where they crowd', () => {
    expect(noteTicks(frequencyAxis('linear', 4104), 0.1).map(({ name }) => name)).toEqual(['C2', 'C5', 'C6', 'C7']);
  });
});
