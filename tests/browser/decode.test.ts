import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type AudioFixture, audioFixtures, badAudioFixtures } from '../fixtures/audio/index.ts';
import { formatFixtures } from '../fixtures/formats/index.ts';
import { expectFormat } from './expect-format.ts';
import type { Decoded, DecodePage } from './pages/decode-page.ts';
import { type ServedPage, servePage } from './served-page.ts';

declare const window: { readonly page: DecodePage };

const FIXTURES = '/tests/fixtures/audio/';

let served: ServedPage;
let page: Page;
let problems: readonly string[];

beforeAll(async () => {
  served = await servePage('decode.html');
  ({ page, problems } = served);
});

afterEach(() => expect(problems).toEqual([]));

afterAll(async () => {
  await served?.close();
});

function decode(file: string, hertz: readonly number[] = []): ReturnType<DecodePage['decode']> {
  return page.evaluate(([url, values]) => window.page.decode(url, values), [FIXTURES + file, hertz] as const);
}

async function decoded(fixture: Pick<AudioFixture, 'file' | 'sines'>): Promise<Decoded> {
  const result = await decode(
    fixture.file,
    fixture.sines?.map((sine) => sine.hertz),
  );
  if (result.kind === 'refused') throw new Error(`${result.message} ${result.hint}`);
  return result;
}

describe('decodeInBrowser', () => {
  test.each(audioFixtures)('decodes $file at its own rate, with its length, level and start', async (fixture) => {
    const result = await decoded(fixture);
    expect(result.sampleRate).toBe(fixture.sampleRate);
    expect(result.lengths).toHaveLength(fixture.channels);
    for (const got of result.lengths) expect(got).toBe(fixture.length);
    fixture.sines?.forEach((sine, index) => {
      expect(Math.abs(result.sines[index].amplitude - sine.amplitude)).toBeLessThan(fixture.tolerance ?? 0);
      expect(Math.abs(result.sines[index].delay)).toBeLessThan(1);
    });
  });

  test('keeps a silent file silent and a clipped file at full scale', async () => {
    expect((await decoded({ file: 'silent.wav' })).peaks).toEqual([0, 0]);
    for (const peak of (await decoded({ file: 'clipped.wav' })).peaks) expect(peak).toBeCloseTo(1, 3);
  });

  test('says that a file was changed after it was chosen', async () => {
    const changed = await page.evaluate((url) => window.page.decodeChanged(url), `${FIXTURES}wav16.wav`);
    expect(changed).toBe('audio.unreadable');
  });

  test.each(badAudioFixtures)('says what is wrong with $file', async ({ file, message }) => {
    const result = await decode(file);
    if (result.kind === 'decoded') throw new Error(`${file} was decoded: ${JSON.stringify(result)}`);
    expect(result.error).toBe('AudioDecodeError');
    expect(result.message).toMatch(message);
    expect(result.message).toContain(`“${file}”`);
    expect(result.hint).toMatch(/^[A-Z].+\.$/);
  });
});

describe('each row of docs/formats.md', () => {
  test.each(formatFixtures)('$container with $name: $file is decoded as FFmpeg does', async (fixture) => {
    const url = `/tests/fixtures/formats/${fixture.file}`;
    const wanted = [url, fixture.places] as const;
    expectFormat(fixture, await page.evaluate(([from, places]) => window.page.samples(from, places), wanted));
  });
});

test('a 16-bit file that was decoded and saved as 16-bit WAV decodes to the same samples', async () => {
  const difference = await page.evaluate(
    (url) => window.page.largestDifferenceAfterSaving(url),
    `${FIXTURES}wav16.wav`,
  );
  expect(difference).toBe(0);
});

test.each(['page', 'worker'] as const)(
  'resampling works on the %s under a strict content security policy',
  async (where) => {
    const result = await page.evaluate((place) => window.page.resampledSine(place, 1000, 44100, 8192), where);
    expect(result.length).toBe(8192);
    expect(result.amplitude).toBeCloseTo(0.5, 3);
    expect(Math.abs(result.delay)).toBeLessThan(0.01);
  },
);
