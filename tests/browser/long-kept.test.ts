import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode as decodePng } from 'fast-png';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AudioData } from '../../src/audio/audio-data.ts';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import { type BuiltPage, openBuiltPage } from './built-page.ts';
import { hollowFile, pieceOf } from './song-files.ts';
import * as list from './song-list.ts';
import { PATIENCE_MS } from './song-list.ts';

const RATE = 44_100;

let folder: string;
let built: BuiltPage;
let page: Page;
let demo: AudioData;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unsung-long-kept-'));
  demo = await decodeInNode(await readFile('public/demo/mixture.mp3'), 'mixture.mp3');
  // Songs from ten seconds on take the way of long ones.
  built = await openBuiltPage({ path: '?backend=wasm&model=paper&long=10' });
  page = built.page;
  await list.settled(page);
});

afterAll(async () => {
  await built?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Chooses seconds [from, to) of the demo song as a file. */
const choose = async (name: string, from: number, to: number, song = demo) =>
  page.setInputFiles('input[type=file]', await pieceOf(song, name, from, to));

/** The demo song twice: while it is separated, there is time for something else. */
const twice = (): AudioData => ({
  sampleRate: demo.sampleRate,
  channels: demo.channels.map((channel) =>
    Float32Array.from({ length: 2 * channel.length }, (_, n) => channel[n % channel.length]),
  ),
});

const row = (name: string) => list.row(page, name);
const stateIs = (name: string, text: string) => list.stateIs(page, name, text);
const inFolder = (path: string) => list.inFolder(page, path);
const remove = (name: string) => list.remove(page, name);
const savedVocals = (of = page) => list.savedVocals(of, folder);

/** Opens a song of the list; what it shows is there, whole. */
async function listen(name: string, of = page): Promise<void> {
  await list.unfold(of);
  await list.row(of, name).locator('.song-title').click();
  await of.locator('h1:visible', { hasText: name }).waitFor();
  await of.locator('#save-vocals:enabled').waitFor();
  await of.waitForSelector('[data-spectrogram="mask"][data-complete="true"]');
}

/** Bit for bit; faster than vitest on a million numbers. */
function isSame(a: AudioData, b: AudioData): boolean {
  return a.channels.every((channel, c) => Buffer.from(channel.buffer).equals(Buffer.from(b.channels[c].buffer)));
}

const passages = () => page.locator('.activity canvas').getAttribute('data-passages');

/** What a lane or a picture shows, as its pixels. */
async function look(selector: string): Promise<ArrayLike<number>> {
  const { data } = decodePng(await page.locator(selector).screenshot({ animations: 'disabled' }));
  return data;
}

const meanDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += Math.abs(a[n] - b[n]);
  return sum / a.length;
};

// One context, one visit after another, as a person would go through them: the tests build on each other.
describe('a song on disk', () => {
  let vocals: AudioData;
  let sung: string | null;
  let mask: ArrayLike<number>;

  test(
    'takes the place of the copy of its file where there is no room for both, and says what that means',
    async () => {
      // 4.2 MB of file, 16.9 of samples.
      const giveRoom = await list.leaveRoom(page, 19_500_000);
      await choose('Tight.wav', 8, 32);
      await row('Tight')
        .locator('.song-meta', { hasText: 'gone when the page is closed, for want of room' })
        .waitFor({ state: 'attached' });
      await stateIs('Tight', 'not kept for want of room');
      expect(await inFolder('waiting')).toEqual([]);
      const [left] = (await savedVocals()).channels;
      expect(left).toHaveLength(24 * RATE);
      // The singer sings to the end: nothing was lost on a disk that took no more.
      expect(left.subarray(-2 * RATE).some((value) => Math.abs(value) > 0.02)).toBe(true);
      await giveRoom();
      await remove('Tight');
      await expect.poll(() => inFolder('long')).toEqual([]);
    },
    PATIENCE_MS,
  );

  test(
    'is kept when it is separated, and its room is counted',
    async () => {
      await choose('Talk.wav', 8, 32);
      await stateIs('Talk', 'Kept in this browser');
      expect(await inFolder('long')).toHaveLength(1);
      expect(await inFolder('shelf')).toEqual([]);
      await expect.poll(() => inFolder('waiting')).toEqual([]);
      // 24 s of two channels, original and vocals, 4 bytes a sample; beside them the file and the pictures.
      const megabytes = Number.parseFloat((await page.locator('.songs-space').textContent()) ?? '');
      expect(megabytes).toBeGreaterThan((24 * RATE * 2 * 2 * 4) / 1e6);
      expect(megabytes).toBeLessThan(25);
      await page.waitForSelector('[data-spectrogram="mask"][data-complete="true"]');
      vocals = await savedVocals();
      expect(vocals.channels[0]).toHaveLength(24 * RATE);
      sung = await passages();
      expect(sung).toMatch(/^\d/);
      mask = await look('[data-spectrogram="mask"]');
    },
    PATIENCE_MS,
  );

  test('is there after a reload, opens without being separated again, and sounds and looks as it did', async () => {
    await page.close();
    page = await built.visit();
    await row('Talk').waitFor();
    expect(await row('Talk').locator('.song-meta').textContent()).toMatch(/^ · 0:24 · \d+\.\d MB/);
    await listen('Talk');
    expect(await page.locator('main > .progress').isVisible()).toBe(false);
    expect(isSame(await savedVocals(), vocals)).toBe(true);
    await expect.poll(passages).toBe(sung);
    // What was rounded to bytes was rounded to 16 bits before.
    await expect.poll(async () => meanDifference(await look('[data-spectrogram="mask"]'), mask)).toBeLessThan(0.5);
    for (const key of ['1', '2', '3']) {
      await page.locator('body').press(key);
      await page.locator('#position').fill('5');
      await page.click('#play');
      await page.waitForFunction(() => (document.querySelector('#position') as HTMLInputElement).valueAsNumber > 5.5);
      await page.click('#play');
    }
  });

  test('is opened in two tabs; removed in one, it stays whole in the other, and goes with that', async () => {
    const { files } = await list.used(page);
    const other = await built.visit();
    try {
      await listen('Talk', other);
      await remove('Talk');
      await expect.poll(() => list.names(page)).toEqual([]);
      expect(await inFolder('long')).toHaveLength(1);
      expect(isSame(await savedVocals(other), vocals)).toBe(true);
    } finally {
      await other.close();
    }
    await expect.poll(() => inFolder('long')).toEqual([]);
    await expect.poll(async () => files - (await list.used(page)).files).toBeGreaterThan(24 * RATE * 2 * 2 * 4);
  });

  test(
    'comes back as waiting when the page is closed while it is separated; nothing is left over',
    async () => {
      await choose('Whole.wav', 0, 84, twice());
      await stateIs('Whole', 'Separating');
      await page.evaluate(async () => {
        const long = await (await navigator.storage.getDirectory()).getDirectoryHandle('long');
        await (await long.getDirectoryHandle('left-over', { create: true })).getFileHandle('original.f32', {
          create: true,
        });
      });
      expect(await inFolder('waiting')).toHaveLength(1);
      await page.close();
      page = await built.visit();
      await row('Whole').waitFor();
      await stateIs('Whole', 'Kept in this browser');
      expect(await inFolder('long')).toHaveLength(1);
      await expect.poll(() => inFolder('waiting')).toEqual([]);
      await listen('Whole');
      expect((await savedVocals()).channels[0]).toHaveLength(84 * RATE);
    },
    PATIENCE_MS,
  );

  test(
    'for which there is no room stays in the page, and is kept when room is made',
    async () => {
      await choose('Late.wav', 1, 81, twice());
      await stateIs('Late', 'Separating');
      // Enough for its pictures, too little for the file that it came from.
      const giveRoom = await list.leaveRoom(page, 5_000_000);
      await stateIs('Late', 'not kept for want of room');
      await page.locator('.notice.error', { hasText: 'There is no room to keep “Late”' }).waitFor();
      await listen('Whole');
      await listen('Late');
      vocals = await savedVocals();
      expect(vocals.channels[0]).toHaveLength(80 * RATE);
      await giveRoom();
      await remove('Whole');
      await stateIs('Late', 'Kept in this browser');
      await expect.poll(() => inFolder('long')).toHaveLength(1);
      await page.close();
      page = await built.visit();
      await listen('Late');
      expect(isSame(await savedVocals(), vocals)).toBe(true);
      await remove('Late');
      await expect.poll(() => inFolder('long')).toEqual([]);
    },
    PATIENCE_MS,
  );

  test(
    'whose file is large comes back, too, when the page was closed before it was separated',
    async () => {
      // 276 MB, 24 minutes.
      const path = await hollowFile(folder, 'Hours.wav', { seconds: 1440, sampleRate: 96_000, channels: 2 });
      await page.setInputFiles('input[type=file]', path);
      await list.unfold(page);
      await row('Hours').getByRole('button', { name: 'Cancel “Hours”' }).click();
      await stateIs('Hours', 'Cancelled');
      await expect
        .poll(async () => await inFolder(`waiting/${(await inFolder('waiting'))[0]}`))
        .toContain('waiting.json');
      await page.close();
      page = await built.visit();
      await stateIs('Hours', 'Cancelled');
      await list.unfold(page);
      // What is not separated goes without a question.
      await row('Hours').getByRole('button', { name: 'Remove “Hours”' }).click();
      await expect.poll(() => inFolder('waiting')).toEqual([]);
      await expect.poll(() => list.names(page)).toEqual([]);
    },
    PATIENCE_MS,
  );

  test('comes and goes without an error, and without a breach of the Content-Security-Policy', () => {
    expect(built.problems).toEqual([]);
  });
});
