import { describe, expect, test } from 'vitest';
import { defaultFormat, peakOf, stemLevel } from '../../../src/audio/encode/default-format.ts';
import { EXPORT_FORMATS, FORMATS } from '../../../src/audio/encode/formats.ts';
import { messageText } from '../../../src/core/message.ts';
import { zhCN } from '../../../src/i18n/zh-CN/index.ts';

describe('defaultFormat', () => {
  test.each([
    [8, 'wav16'],
    [16, 'wav16'],
    [20, 'wav24'],
    [24, 'wav24'],
    [32, 'wav32f'],
    ['float', 'wav32f'],
    ['lossy', 'wav16'],
    [undefined, 'wav24'],
  ] as const)('a song of depth %s is saved as %s', (depth, format) => {
    expect(defaultFormat({ depth })).toEqual({ format, note: undefined });
    expect(defaultFormat({ depth, peak: 1 })).toEqual({ format, note: undefined });
  });

  test.each([16, 24, 'lossy', undefined] as const)('stems of a song of depth %s keep their level', (depth) => {
    // 20 · log10(1.2) = 1.58 dB.
    const { format, note } = defaultFormat({ depth, peak: 1.2 });
    expect(format).toBe('wav32f');
    expect(note?.values).toEqual({ level: 1.6 });
    expect(note && messageText(note)).toContain('by 1.6 dB');
    expect(note && messageText(note, zhCN.errors, 'zh-CN')).toContain('1.6 dB');
  });

  test('floating point needs no note: it keeps all levels', () => {
    expect(defaultFormat({ depth: 'float', peak: 1.2 })).toEqual({ format: 'wav32f', note: undefined });
  });
});

describe('stemLevel', () => {
  test.each(EXPORT_FORMATS)('stems of a peak of 1.5 fit into %s', (format) => {
    const { gain, note } = stemLevel(format, 1.5);
    expect(1.5 * gain <= 1 || !FORMATS[format].clips).toBe(true);
    expect(note === undefined).toBe(gain === 1);
  });

  test('stems up to full scale stay as they are', () => {
    expect(stemLevel('wav16', 1)).toEqual({ gain: 1, note: undefined });
  });

  test('both stems at that level are the song at that level', () => {
    const { gain, note } = stemLevel('wav16', 2);
    // Half, less one step of 16 bits: 20 · log10(2 · 32768 / 32767) = 6.021 dB.
    expect(gain).toBeCloseTo(0.5, 4);
    expect(note?.values).toEqual({ level: 6.1 });
  });
});

test('the peak is the largest absolute sample of any channel', () => {
  expect(peakOf([Float32Array.of(0.25, -0.5), Float32Array.of(0.125, -1.5)])).toBe(1.5);
  expect(peakOf([])).toBe(0);
});
