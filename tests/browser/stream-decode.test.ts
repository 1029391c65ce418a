import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { audioFixtures, badAudioFixtures } from '../fixtures/audio/index.ts';
import type { StreamDecodePage } from './pages/stream-decode-page.ts';
import { type ServedPage, servePage } from './served-page.ts';

declare const window: { readonly page: StreamDecodePage };

const FIXTURES = '/tests/fixtures/audio/';
const DEMO = '/public/demo/mixture.mp3';

/** decodeAudioData begins WebM Opus late, and loses or adds samples at some ends: see fixtures/audio/index.ts. */
const LEAD: Readonly<Record<string, number>> = { 'opus.webm': 24 };
/** 16-bit samples: Chromium divides positive ones by 32767, the stream by 32768. 8 bit: half a step of 1/128. */
const BOUND: Readonly<Record<string, number>> = { 'wav8.wav': 1 / 256 };
const MOST = 1.01 / 32768;

let served: ServedPage;
let page: Page;

beforeAll(async () => {
  served = await servePage('stream-decode.html');
  ({ page } = served);
});

afterEach(() => expect(served.problems).toEqual([]));

afterAll(async () => {
  await served?.close();
});

const compare = (url: string, lead = 0) =>
  page.evaluate(([file, late]) => window.page.compare(file, late), [url, lead] as const);

// A broken Ogg file cannot be read to its end by the stream's demuxer.
const whole = audioFixtures.filter(({ file }) => file !== 'truncated.ogg');

describe('openSongStream', () => {
  test.each(whole)('gives of $file the samples that decodeAudioData gives', async ({ file, length, channels }) => {
    const got = await compare(FIXTURES + file, LEAD[file]);
    expect(got.sampleRates[1]).toBe(got.sampleRates[0]);
    expect(got.channels).toEqual([channels, channels]);
    expect(got.largestDifference).toBeLessThanOrEqual(BOUND[file] ?? MOST);
    if (typeof length === 'number') expect(got.lengths[1]).toBe(length);
    else {
      expect(got.lengths[1]).toBeGreaterThanOrEqual(length.atLeast);
      expect(got.lengths[1]).toBeLessThanOrEqual(length.atMost);
    }
    expect(got.brokeOff).toBe(false);
  });

  test('decodes an MP3 in small pieces to the same samples, bit for bit', async () => {
    const got = await compare(DEMO);
    expect(got.lengths[0]).toBeGreaterThan(40 * 44100);
    expect(got.lengths[1]).toBe(got.lengths[0]);
    expect(got.largestDifference).toBe(0);
    expect(got.longestPiece).toBe(65536);
  });

  test('returns the decodable part of an incomplete file', async () => {
    const { samples } = await page.evaluate((url) => window.page.decodeCut(url, 400_000), DEMO);
    // 160 kbit/s: 20 000 bytes a second.
    expect(samples).toBeGreaterThan(19 * 44100);
    expect(samples).toBeLessThan(21 * 44100);
  });

  // Empty files and images have no length, so they never go this way.
  test.each(badAudioFixtures.filter(({ file }) => !['empty.mp3', 'picture.png'].includes(file)))(
    'refuses $file and says why',
    async ({ file, message }) => {
      const refused = await page.evaluate((url) => window.page.refused(url), FIXTURES + file);
      expect(refused?.error).toBe('AudioDecodeError');
      expect(refused?.message).toMatch(message);
      expect(refused?.message).toContain(`“${file}”`);
    },
  );
});

describe('songSeconds', () => {
  test.each(whole.filter(({ length }) => typeof length === 'number'))(
    'tells the length of $file from its headers, to a tenth of a second',
    async ({ file, sampleRate, length }) => {
      const seconds = await page.evaluate((url) => window.page.seconds(url), FIXTURES + file);
      expect(Math.abs((seconds ?? 0) - Number(length) / sampleRate)).toBeLessThan(0.1);
    },
  );

  test('returns the length of raw AAC, which has no header, and of a whole song', async () => {
    expect(await page.evaluate((url) => window.page.seconds(url), `${FIXTURES}adts.aac`)).toBeCloseTo(0.2, 0);
    expect(await page.evaluate((url) => window.page.seconds(url), DEMO)).toBeCloseTo(43.2, 0);
  });

  test('returns no length for a file that is not a song', async () => {
    expect(await page.evaluate((url) => window.page.seconds(url), `${FIXTURES}text.mp3`)).toBeUndefined();
  });
});
