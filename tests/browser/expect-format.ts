import { expect } from 'vitest';
import { type FormatFixture, greatestDifference } from '../fixtures/formats/index.ts';
import type { DecodedSamples } from './pages/decode-page.ts';

/** What a page has decoded of a file is what FFmpeg decodes. @param got the samples at the fixture's places */
export function expectFormat(fixture: FormatFixture, got: DecodedSamples): void {
  const { file, codec, sampleRate, channels, length, places } = fixture;
  expect([got.codec, got.sampleRate], file).toEqual([codec, sampleRate]);
  expect(got.lengths, file).toEqual(Array.from({ length: channels }, () => length));
  const compact = { ...fixture, places: places.map((_, n) => n) };
  expect(greatestDifference(got.samples, compact), file).toBeLessThanOrEqual(fixture.tolerance);
}
