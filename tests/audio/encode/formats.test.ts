import { expect, test } from 'vitest';
import { EXPORT_FORMATS, encodedRate, estimatedBytes, unavailable } from '../../../src/audio/encode/formats.ts';

const shape = { sampleRate: 44_100, channels: 2, samples: 44_100 * 60 };

test('lossless formats keep the rate, the lossy ones take the next that they have', () => {
  for (const format of ['wav16', 'wav24', 'wav32f', 'flac'] as const) expect(encodedRate(format, 96_000)).toBe(96_000);
  expect(EXPORT_FORMATS.map((format) => encodedRate(format, 44_100)).at(-2)).toBe(48_000);
  expect(encodedRate('mp3', 44_100)).toBe(44_100);
  expect(encodedRate('mp3', 37_800)).toBe(44_100);
  expect(encodedRate('m4a', 88_200)).toBe(44_100);
  expect(encodedRate('m4a', 192_000)).toBe(48_000);
});

test('a format that cannot be written says why', async () => {
  expect(await unavailable('flac', { ...shape, sampleRate: 37_800 })).toBe('rate');
  expect(await unavailable('flac', shape)).toBe(null);
  // Node has no WebCodecs.
  expect(await unavailable('opus', shape)).toBe('browser');
});

test('sizes are those of the formats', () => {
  expect(estimatedBytes('wav24', shape)).toBe(60 * 44_100 * 2 * 3);
  expect(estimatedBytes('mp3', shape)).toBe((60 * 256_000) / 8);
});
