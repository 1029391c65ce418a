import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode as decodePng } from 'fast-png';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AudioData } from '../../src/audio/audio-data.ts';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import {
  choose,
  errorNotice,
  opened,
  painted,
  passes,
  pattern,
  play,
  position,
  press,
  progress,
  separated,
  spectrogram,
  text,
} from './app.ts';
import { type BuiltPage, visitPage } from './built-page.ts';
import { hollowFile, pieceOf } from './song-files.ts';
import * as list from './song-list.ts';
import { step } from './step.ts';

const RATE = 44_100;

let folder: string;
let built: BuiltPage;
let page: Page;
let demo: AudioData;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unsung-long-kept-'));
  demo = await decodeInNode(await readFile('public/demo/mixture.mp3'), 'mixture.mp3');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function open(): Promise<void> {
  // Songs from ten seconds on are long ones here. A file of gigabytes needs a Chromium of its own.
  built = await visitPage({ path: '?backend=wasm&model=paper&long=10', own: [] });
  page = built.page;
}

/** Closes the page and opens it again, in the same browser. */
async function visitAgain(): Promise<void> {
  await page.close();
  page = await built.visit();
}

/** Chooses seconds [from, to) of the demo song as a file. */
const choosePiece = async (name: string, from: number, to: number, song = demo) =>
  choose(page, await pieceOf(song, name, from, to));

/** The demo song twice: while it is separated, there is time for something else. */
const twice = (): AudioData => ({
  sampleRate: demo.sampleRate,
  channels: demo.channels.map((channel) =>
    Float32Array.from({ length: 2 * channel.length }, (_, n) => channel[n % channel.length]),
  ),
});

const row = (name: string) => list.row(page, name);
const kept = (name: string) => list.stateIs(page, name, 'songs.keeping.kept');
const remove = (name: string) => list.remove(page, name);
const savedVocals = (of = page) => list.savedStem(of, 'vocals');

/** Opens a song of the list; what it shows is there, whole. */
async function listen(name: string, of = page): Promise<void> {
  await list.unfold(of);
  await list.listen(of, name);
  await opened(of, name);
  await separated(of);
  await painted(of, 'mask');
}

/** Bit for bit; faster than vitest on a million numbers. */
function isSame(a: AudioData, b: AudioData): boolean {
  return a.channels.every((channel, c) => Buffer.from(channel.buffer).equals(Buffer.from(b.channels[c].buffer)));
}

const passages = () => page.locator('[data-passages]').getAttribute('data-passages');

/** What the spectrogram of the mask shows, as its pixels. */
async function maskShown(): Promise<ArrayLike<number>> {
  const { data } = decodePng(await spectrogram(page, 'mask').screenshot({ animations: 'disabled' }));
  return data;
}

const meanDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += Math.abs(a[n] - b[n]);
  return sum / a.length;
};

describe('a song on disk', () => {
  test('replaces the copy of its file if there is no space for both, and shows what that means', async () => {
    await open();

    // 4.2 MB of file, 16.9 of samples.
    const restoreSpace = await list.limitSpace(page, 19_500_000);
    await choosePiece('Tight.wav', 8, 32);
    await row('Tight').getByText(text('pending.notStored.full')).waitFor({ state: 'attached' });
    await list.stateIs(page, 'Tight', 'songs.keeping.full');
    expect(await list.pending(page)).toEqual([]);
    const [left] = (await savedVocals()).channels;
    expect(left).toHaveLength(24 * RATE);
    // The singer sings to the end: nothing was lost on a disk that took no more.
    expect(left.subarray(-2 * RATE).some((value) => Math.abs(value) > 0.02)).toBe(true);
    await restoreSpace();
    await remove('Tight');
    await expect.poll(() => list.onDisk(page)).toEqual([]);
  });

  test('is archived, and is the same at the next visit and in two tabs', async () => {
    await open();
    let vocals: AudioData;
    let sung: string | null;
    let mask: ArrayLike<number>;
    await step('is kept when it is separated, and its space is counted', async () => {
      await choosePiece('Talk.wav', 8, 32);
      await kept('Talk');
      expect(await list.onDisk(page)).toHaveLength(1);
      expect(await list.archived(page)).toEqual([]);
      await expect.poll(() => list.pending(page)).toEqual([]);
      // 24 s of two channels, original and vocals, 4 bytes a sample; beside them the file and the spectrograms.
      const megabytes = Number.parseFloat((await page.getByText(pattern('songs.space')).textContent()) ?? '');
      expect(megabytes).toBeGreaterThan((24 * RATE * 2 * 2 * 4) / 1e6);
      expect(megabytes).toBeLessThan(25);
      await painted(page, 'mask');
      vocals = await savedVocals();
      expect(vocals.channels[0]).toHaveLength(24 * RATE);
      sung = await passages();
      expect(sung).toMatch(/^\d/);
      // At the next visit, the list is open beside the song.
      await list.unfold(page);
      await painted(page, 'mask');
      mask = await maskShown();
    });

    await step(
      'is there after a reload, opens without being separated again, and sounds and looks as it did',
      async () => {
        await visitAgain();
        await row('Talk').waitFor();
        await row('Talk')
          .getByText(/^\s?· 0:24 · \d+\.\d\sMB/)
          .waitFor();
        // It was open last.
        await opened(page, 'Talk');
        await separated(page);
        expect(await progress(page).isVisible()).toBe(false);
        expect(isSame(await savedVocals(), vocals)).toBe(true);
        await expect.poll(passages).toBe(sung);
        // What was rounded to bytes was rounded to 16 bits before.
        await expect.poll(async () => meanDifference(await maskShown(), mask)).toBeLessThan(0.5);
        for (const key of ['1', '2', '3']) {
          await press(page, key);
          await position(page).fill('5');
          await play(page).click();
          await passes(page, 5.5);
          await play(page).click();
        }
      },
    );

    await step('is opened in two tabs; removed in one, it stays whole in the other, and goes with that', async () => {
      const { files } = await list.used(page);
      const other = await built.visit();
      try {
        await listen('Talk', other);
        await remove('Talk');
        await expect.poll(() => list.names(page)).toEqual([]);
        expect(await list.onDisk(page)).toHaveLength(1);
        expect(isSame(await savedVocals(other), vocals)).toBe(true);
      } finally {
        await other.close();
      }
      await expect.poll(() => list.onDisk(page)).toEqual([]);
      await expect.poll(async () => files - (await list.used(page)).files).toBeGreaterThan(24 * RATE * 2 * 2 * 4);
    });
  });

  test('is archived in the end, whatever happens before', async () => {
    await open();
    await step(
      'comes back as waiting when the page is closed while it is separated; nothing is left over',
      async () => {
        await choosePiece('Whole.wav', 0, 84, twice());
        await list.stateIs(page, 'Whole', 'songs.separating');
        await page.evaluate(async () => {
          const long = await (await navigator.storage.getDirectory()).getDirectoryHandle('long');
          await (await long.getDirectoryHandle('left-over', { create: true })).getFileHandle('original.f32', {
            create: true,
          });
        });
        expect(await list.pending(page)).toHaveLength(1);
        await visitAgain();
        await row('Whole').waitFor();
        await kept('Whole');
        expect(await list.onDisk(page)).toHaveLength(1);
        await expect.poll(() => list.pending(page)).toEqual([]);
        await listen('Whole');
        expect((await savedVocals()).channels[0]).toHaveLength(84 * RATE);
      },
    );

    await step('for which there is no space stays in the page, and is kept when space is made', async () => {
      await choosePiece('Late.wav', 1, 81, twice());
      await list.stateIs(page, 'Late', 'songs.separating');
      // Enough for its spectrograms, too little for the file that it came from.
      const restoreSpace = await list.limitSpace(page, 5_000_000);
      await list.stateIs(page, 'Late', 'songs.keeping.full');
      await errorNotice(page, text('songs.full', { name: 'Late' })).waitFor();
      await listen('Whole');
      await listen('Late');
      const vocals = await savedVocals();
      expect(vocals.channels[0]).toHaveLength(80 * RATE);
      await restoreSpace();
      await remove('Whole');
      await kept('Late');
      await expect.poll(() => list.onDisk(page)).toHaveLength(1);
      await visitAgain();
      await listen('Late');
      expect(isSame(await savedVocals(), vocals)).toBe(true);
      await remove('Late');
      await expect.poll(() => list.onDisk(page)).toEqual([]);
    });
  });

  test('with a large file is restored, too, if the page was closed before it was separated', async () => {
    await open();

    // 276 MB, 24 minutes.
    const path = await hollowFile(folder, 'Hours.wav', { seconds: 1440, sampleRate: 96_000, channels: 2 });
    await choose(page, path);
    await list.act(page, 'Hours', 'songs.cancel');
    await list.stateIs(page, 'Hours', 'songs.cancelled');
    await expect
      .poll(async () => await list.inFolder(page, `waiting/${(await list.pending(page))[0]}`))
      .toContain('waiting.json');
    await visitAgain();
    await list.stateIs(page, 'Hours', 'songs.cancelled');
    // What is not separated goes without a question.
    await list.act(page, 'Hours', 'songs.remove');
    await expect.poll(() => list.pending(page)).toEqual([]);
    await expect.poll(() => list.names(page)).toEqual([]);
  });
});
