import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AudioData } from '../../src/audio/audio-data.ts';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import { type BuiltPage, openBuiltPage } from './built-page.ts';
import { type GivenFile, pieceOf, stillFile } from './song-files.ts';
import * as list from './song-list.ts';
import { PATIENCE_MS } from './song-list.ts';

let folder: string;
let built: BuiltPage;
let page: Page;
let demo: AudioData;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unsung-songs-'));
  demo = await decodeInNode(await readFile('public/demo/mixture.mp3'), 'mixture.mp3');
  built = await openBuiltPage();
  page = built.page;
  await list.settled(page);
});

afterAll(async () => {
  await built?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Seconds [from, to) of the demo song as a file. */
const piece = (name: string, from: number, to: number) => pieceOf(demo, name, from, to);

/** Drops files on the page, as a file manager does. */
async function drop(files: readonly GivenFile[]): Promise<void> {
  const given = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, base64: buffer.toString('base64') }));
  const transfer = await page.evaluateHandle((all) => {
    const data = new DataTransfer();
    for (const { name, mimeType, base64 } of all) {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      data.items.add(new File([bytes], name, { type: mimeType }));
    }
    return data;
  }, given);
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
}

const choose = (...files: readonly GivenFile[]) => page.setInputFiles('input[type=file]', [...files]);
const row = (name: string, of = page) => list.row(of, name);
const names = (of = page) => list.names(of);
const stateIs = (name: string, text: string, of = page) => list.stateIs(of, name, text);
const remove = (name: string, of = page) => list.remove(of, name);
const inFolder = (path: string) => list.inFolder(page, path);
const onShelf = () => inFolder('shelf');
const savedVocals = () => list.savedVocals(page, folder);

const broken: GivenFile = { name: 'Broken.mp3', mimeType: 'audio/mpeg', buffer: Buffer.from('no sound at all') };

// One context, one visit after another, as a person would go through them: the tests build on each other.
describe('several songs', () => {
  let vocals: AudioData;

  test(
    'of three dropped files, one of them broken, two are separated and kept, and one says what is wrong',
    async () => {
      await drop([await piece('First.wav', 8, 16), broken, await piece('Second.wav', 20, 28)]);
      await page.locator('.song-row').nth(2).waitFor();
      await expect.poll(() => names()).toEqual(['First', 'Broken', 'Second']);
      await stateIs('First', 'Kept in this browser');
      await stateIs('Second', 'Kept in this browser');
      expect(await row('Broken').locator('.song-state').textContent()).toMatch(/^Failed: .*“Broken\.mp3”/);
      // The first one is open for listening; the others were made behind it.
      expect(await page.locator('h1:visible').textContent()).toBe('First');
      expect(await row('First').locator('.song-title').getAttribute('aria-current')).toBe('true');
      expect(await onShelf()).toHaveLength(2);
      expect(await page.locator('.songs-space').textContent()).toMatch(/^\d+\.\d MB kept in this browser/);
      vocals = await savedVocals();
    },
    PATIENCE_MS,
  );

  test('are there after a reload, and open as they were, pictures and all, without being separated again', async () => {
    await page.close();
    page = await built.visit();
    await page.locator('.song-row').nth(1).waitFor();
    await expect.poll(() => names()).toEqual(['First', 'Second']);
    await row('First').locator('.song-title').click();
    await page.locator('#save-vocals:enabled').waitFor();
    expect(await page.locator('main > .progress').isVisible()).toBe(false);
    expect(await page.locator('h1:visible').textContent()).toBe('First');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('play');
    await page.waitForSelector('[data-spectrogram="mask"][data-complete="true"]');
    expect((await savedVocals()).channels).toEqual(vocals.channels);
    await page.locator('body').press('2');
    await page.locator('#play').click();
    await page.waitForFunction(() => (document.querySelector('#position') as HTMLInputElement).valueAsNumber > 0.5);
    await page.locator('#play').click();
  });

  test('that come again, under whatever name, are opened as they are kept', async () => {
    await choose(await piece('The second once more.wav', 20, 28));
    await page.locator('.notice', { hasText: '“Second” was separated before and kept' }).waitFor();
    await page.locator('h1:visible', { hasText: 'Second' }).waitFor();
    await expect.poll(() => names()).toEqual(['First', 'Second']);
    expect(await page.locator('main > .progress').isVisible()).toBe(false);
  });

  test('change places by their buttons and by dragging', async () => {
    await row('Second').getByRole('button', { name: 'Move “Second” up' }).click();
    await expect.poll(() => names()).toEqual(['Second', 'First']);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Move “Second” up');
    await row('Second')
      .locator('.grip')
      .dragTo(row('First'), { targetPosition: { x: 200, y: 44 } });
    await expect.poll(() => names()).toEqual(['First', 'Second']);
    // A song that was moved is no file that was dropped.
    expect(await page.locator('.notice.error').count()).toBe(0);
  });

  test(
    'are cancelled one by one and all at once, and can be tried again',
    async () => {
      // The first one is not done before the clicks come.
      await choose(
        stillFile('Third.wav', { seconds: 600, sampleRate: 8000, channels: 1 }),
        await piece('Fourth.wav', 12, 20),
        await piece('Fifth.wav', 28, 36),
      );
      await page.locator('.song-row').nth(4).waitFor();
      await row('Fourth').getByRole('button', { name: 'Cancel “Fourth”' }).click();
      await stateIs('Fourth', 'Cancelled');
      await page.locator('#cancel-all').click();
      for (const name of ['Third', 'Fifth']) await stateIs(name, 'Cancelled');
      expect(await page.locator('#cancel-all').isVisible()).toBe(false);
      expect(await onShelf()).toHaveLength(2);
      await row('Fifth').getByRole('button', { name: 'Try “Fifth” again' }).click();
      await stateIs('Fifth', 'Kept in this browser');
      // Nobody asked to hear it.
      expect(await page.locator('h1:visible').textContent()).toBe('Second');
    },
    PATIENCE_MS,
  );

  test(
    'are chosen and saved in one go: a folder a song, sample for sample; what is not separated is left out, and said so',
    async () => {
      await page.locator('#choose-all').focus();
      await page.keyboard.press('Space');
      expect(await page.locator('.batch-count').textContent()).toBe('5 of 5 chosen');
      expect(await page.locator('.batch-left').textContent()).toBe('Not separated yet, and so left out: 2.');
      await page.getByRole('checkbox', { name: 'Choose “Fifth”' }).uncheck();
      expect(await page.locator('#choose-all').evaluate((box: HTMLInputElement) => box.indeterminate)).toBe(true);
      // First once more without an end: what is slow is cancelled at once.
      await page.selectOption('#batch-format', 'mp3');
      // As soon as it can be, before everything is saved.
      await page.locator('#batch-cancel').evaluate((cancel: HTMLElement) => {
        new MutationObserver((_, observer) => {
          if (!cancel.checkVisibility()) return;
          observer.disconnect();
          cancel.focus();
          cancel.click();
        }).observe(cancel.closest('.save-work') as Element, { attributes: true });
      });
      await page.click('#batch-save');
      await page.locator('#batch-status', { hasText: 'Cancelled. Nothing was saved.' }).waitFor();
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('batch-save');
      await page.selectOption('#batch-format', 'wav32f');
      const [file] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
      expect(file.suggestedFilename()).toBe('Unsung - 2 songs (Stems).zip');
      await page.locator('#batch-status', { hasText: 'Songs in it: 2.' }).waitFor();
      const path = join(folder, 'album.zip');
      await file.saveAs(path);
      const files = unzipSync(await readFile(path));
      expect(Object.keys(files).sort()).toEqual([
        'First/First (Instrumental).wav',
        'First/First (Vocals).wav',
        'Second/Second (Instrumental).wav',
        'Second/Second (Vocals).wav',
      ]);
      // “First” is not open: it comes from what is kept.
      const first = await decodeInNode(files['First/First (Vocals).wav'], 'first.wav');
      expect(first.channels).toEqual(vocals.channels);
      const opened = await decodeInNode(files['Second/Second (Vocals).wav'], 'second.wav');
      expect(opened.channels).toEqual((await savedVocals()).channels);
    },
    PATIENCE_MS,
  );

  test('that are chosen are removed together, after a question', async () => {
    await page.locator('#choose-all').check();
    await page.locator('#choose-all').uncheck();
    for (const name of ['Third', 'Fourth']) await page.getByRole('checkbox', { name: `Choose “${name}”` }).check();
    await page.click('#batch-remove');
    expect(await page.locator('#batch-asked').textContent()).toContain('Remove the chosen songs (2)');
    await page.keyboard.press('Escape');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('batch-remove');
    await page.keyboard.press('Enter');
    await page.click('#batch-remove-yes');
    await expect.poll(() => names()).toEqual(['First', 'Second', 'Fifth']);
    expect(await page.locator('#batch-save').isVisible()).toBe(false);
  });

  test('are removed one by one, after a question where they are kept; that frees the room', async () => {
    await expect.poll(() => names()).toEqual(['First', 'Second', 'Fifth']);
    const { files } = await list.used(page);
    await row('Fifth').getByRole('button', { name: 'Remove “Fifth”' }).click();
    await row('Fifth').getByRole('button', { name: 'Keep it' }).click();
    await expect.poll(() => names()).toEqual(['First', 'Second', 'Fifth']);
    await remove('Fifth');
    await expect.poll(() => names()).toEqual(['First', 'Second']);
    await expect.poll(onShelf).toHaveLength(2);
    // 8 s of two channels, original and vocals, 4 bytes a sample.
    await expect.poll(async () => files - (await list.used(page)).files).toBeGreaterThan(8 * 44_100 * 2 * 2 * 4);
  });

  test(
    'for which there is no room stay in the page, can be saved, and are kept when room is made',
    async () => {
      const giveRoom = await list.leaveRoom(page, 4_000_000);
      await choose(await piece('Late.wav', 30, 38));
      await stateIs('Late', 'not kept for want of room');
      const notice = page.locator('.notice.error', { hasText: 'There is no room to keep “Late”' });
      expect(await notice.textContent()).toContain('save its stems now');
      expect(await onShelf()).toHaveLength(2);
      expect((await savedVocals()).channels[0]).toHaveLength(8 * 44_100);
      // Another song is opened and this one again: nothing is lost.
      await row('First').locator('.song-title').click();
      await page.locator('h1:visible', { hasText: 'First' }).waitFor();
      await row('Late').locator('.song-title').click();
      await page.locator('h1:visible', { hasText: 'Late' }).waitFor();
      await page.locator('#save-vocals:enabled').waitFor();
      await giveRoom();
      await remove('Second');
      await stateIs('Late', 'Kept in this browser');
      expect(await onShelf()).toHaveLength(2);
    },
    PATIENCE_MS,
  );

  test('are the same in two pages, also after one of them removes a song', async () => {
    const other = await built.visit();
    await expect.poll(() => names(other)).toEqual(['First', 'Late']);
    await remove('First', other);
    await expect.poll(() => names()).toEqual(['Late']);
    await other.close();
  });

  test('that were not written to their end are swept away at the next visit', async () => {
    await page.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      const half = await (await root.getDirectoryHandle('shelf')).getDirectoryHandle('half', { create: true });
      const file = await (await half.getFileHandle('original-0.f32', { create: true })).createWritable();
      await file.write(new Uint8Array(1000));
      await file.close();
    });
    await page.close();
    page = await built.visit();
    await row('Late').waitFor();
    await expect.poll(() => names()).toEqual(['Late']);
    expect(await onShelf()).not.toContain('half');
  });

  test(
    'that are not separated yet are there after a reload, in their order, and in one page at a time',
    async () => {
      // The first one keeps the others waiting, whatever is looked at meanwhile.
      await drop([
        stillFile('Long.wav', { seconds: 660, sampleRate: 8000, channels: 1 }),
        await piece('Next.wav', 10, 18),
        await piece('Stopped.wav', 20, 26),
      ]);
      await expect.poll(() => inFolder('waiting')).toHaveLength(3);
      await row('Stopped').getByRole('button', { name: 'Cancel “Stopped”' }).click();
      await row('Stopped').getByRole('button', { name: 'Move “Stopped” up' }).click();
      await expect.poll(() => names()).toEqual(['Late', 'Long', 'Stopped', 'Next']);
      await page.close();
      page = await built.visit();
      await row('Next').waitFor();
      await expect.poll(() => names()).toEqual(['Late', 'Long', 'Stopped', 'Next']);
      // What a person has stopped does not go on by itself.
      await stateIs('Stopped', 'Cancelled');
      await stateIs('Next', 'Waiting');
      const other = await built.visit();
      for (const name of ['Long', 'Stopped', 'Next']) await stateIs(name, 'Waiting in another window', other);
      expect(await names(other)).toEqual(['Late', 'Long', 'Stopped', 'Next']);
      await row('Next', other).locator('.song-title').click();
      await other.locator('.notice', { hasText: 'is separated in another window' }).waitFor();
      expect(await row('Next', other).getByRole('button', { name: 'Remove' }).count()).toBe(0);
      // The page that had them is closed: the other one takes them over.
      await page.close();
      page = other;
      await stateIs('Stopped', 'Cancelled');
      await stateIs('Long', 'Separating');
      await row('Long').getByRole('button', { name: 'Cancel “Long”' }).click();
      await stateIs('Next', 'Kept in this browser');
      await row('Long').getByRole('button', { name: 'Remove “Long”' }).click();
      await expect.poll(onShelf).toHaveLength(2);
      await expect.poll(() => inFolder('waiting')).toHaveLength(1);
      const third = await built.visit();
      await stateIs('Stopped', 'Waiting in another window', third);
      await row('Stopped').getByRole('button', { name: 'Try “Stopped” again' }).click();
      // Made in one page, it is there in the other.
      await stateIs('Stopped', 'Kept in this browser');
      await stateIs('Stopped', 'Kept in this browser', third);
      expect(await names(third)).toEqual(['Late', 'Stopped', 'Next']);
      await third.close();
      await expect.poll(() => inFolder('waiting')).toEqual([]);
      // Its own file is gone from the disk; what was in it is still saved.
      await row('Stopped').locator('.song-title').click();
      await page.locator('h1:visible', { hasText: 'Stopped' }).waitFor();
      expect((await savedVocals()).channels[0]).toHaveLength(6 * 44_100);
    },
    2 * PATIENCE_MS,
  );

  test(
    'whose files find no room are separated all the same; that they would be gone is said, and the others stay',
    async () => {
      const giveRoom = await list.leaveRoom(page, 100_000);
      await choose(await piece('Homeless.wav', 2, 8));
      await page.locator('.notice', { hasText: 'no room to keep the file of “Homeless”' }).waitFor();
      await stateIs('Homeless', 'not kept for want of room');
      expect(await inFolder('waiting')).toEqual([]);
      expect(await onShelf()).toHaveLength(3);
      await giveRoom();
      await remove('Homeless');
    },
    PATIENCE_MS,
  );

  test('come and go without an error, and without a breach of the Content-Security-Policy', () => {
    expect(built.problems).toEqual([]);
  });
});
