import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { LongSongPage } from './pages/long-song-page.ts';
import { type ServedPage, servePage } from './served-page.ts';
import { step } from './step.ts';

declare const window: { readonly page: LongSongPage };

const DEMO = '/public/demo/mixture.mp3';

let served: ServedPage;
let page: Page;

beforeAll(async () => {
  served = await servePage('long-song.html');
  ({ page } = served);
});

afterEach(() => expect(served.problems).toEqual([]));

afterAll(async () => {
  await served?.close();
});

const folders = () => page.evaluate(() => window.page.folders());

describe('OpfsSongStorage', () => {
  test('stores a song on disk from opening to closing', async () => {
    await step('has on disk, sample for sample, what decoding in memory gives, and silence for vocals', async () => {
      const got = await page.evaluate((url) => window.page.open(url), DEMO);
      expect(got.samples).toBeGreaterThan(40 * 44100);
      expect(got.largestDifference).toBe(0);
      expect(got.silence).toBe(true);
      expect(await folders()).toHaveLength(1);
    });

    await step('keeps vocals where they belong, and touches nothing beside them', async () => {
      const values = await page.evaluate(() => window.page.writeAndRead(1_000_003, 70_001));
      expect(values).toEqual([0, 1, 70_001, 0]);
    });

    await step('stays when what closed pages have left is swept away', async () => {
      await page.evaluate(() => window.page.leaveBehind());
      expect(await folders()).toHaveLength(2);
      await page.evaluate(() => window.page.sweep());
      const left = await folders();
      expect(left).toHaveLength(1);
      expect(left).not.toContain('left-behind');
      expect(await page.evaluate(() => window.page.writeAndRead(5, 3))).toEqual([0, 1, 3, 0]);
    });

    await step(
      'is read as before once nothing more is written, and by others at the same time; it stays when these let go',
      async () => {
        const { same, whole, left } = await page.evaluate(() => window.page.sealAndShare());
        expect(same).toBe(true);
        expect(whole).toBe(true);
        expect(left).toHaveLength(1);
      },
    );

    await step('leaves nothing behind when it is disposed of, nor when opening it is given up', async () => {
      await page.evaluate(() => window.page.close());
      expect(await folders()).toEqual([]);
      expect(await page.evaluate((url) => window.page.openAndAbort(url), DEMO)).toBe('AbortError');
      await expect.poll(folders).toEqual([]);
    });
  });

  test('is refused before decoding if there is no space, with the space that it needs', async () => {
    // 43 s of stereo at 44.1 kHz, twice: 30.5 MB, and what the browser needs beside.
    const refused = await page.evaluate((url) => window.page.openWithSpace(url, 60_000_000), DEMO);
    expect(refused?.code).toBe('long-song.no-space');
    expect(refused?.message).toMatch(/needs 0\.1 GB .* has 0\.1 GB left/);
    expect(await page.evaluate((url) => window.page.openWithSpace(url, 90_000_000), DEMO)).toBeUndefined();
  });
});

describe('openLongSong', () => {
  test('leaves songs of up to half an hour to the memory if there is no disk, and refuses longer ones', async () => {
    const outcomes = await page.evaluate(async () => {
      const seen: string[] = [];
      for (const seconds of [59, 1700, 2000]) seen.push(await window.page.openWithoutDisk(seconds));
      return seen;
    });
    expect(outcomes).toEqual(['in memory', 'in memory', 'long-song.no-disk']);
  });
});

describe('openForReading', () => {
  test('gives two readers the same bytes at once, whatever the browser supports', async () => {
    expect(await page.evaluate(() => window.page.readWays())).toEqual([true, true, true, true, true, true]);
  });
});
