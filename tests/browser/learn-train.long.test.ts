import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { AudioData } from '../../src/audio/audio-data.ts';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import { importCheckpoint } from '../../src/model/import/import-checkpoint.ts';
import { PATIENCE_MS, saveButton, separated } from './app.ts';
import { visitPage } from './built-page.ts';
import { savedBytes } from './shared-browser.ts';
import { step } from './step.ts';

test('training in the browser', async () => {
  const { page } = await visitPage({ path: '?backend=wasm&model=paper#/learn/train', height: 1000 });
  page.setDefaultTimeout(PATIENCE_MS);
  await page.locator('.train[data-state="ready"]').waitFor();

  await step(
    'the loss goes down over 50 steps on the demo stems, on wasm, which says how it does without TF.js’s gradient',
    async () => {
      expect(await page.locator('#train-status').textContent()).toMatch(/wasm.*put together/);
      await page.locator('#train-batch-2').check({ force: true });
      await page.locator('#train-start').click();
      await page.waitForFunction(
        () => Number(document.querySelector<HTMLElement>('#train-now')?.dataset.step) >= 50,
        undefined,
        { timeout: PATIENCE_MS },
      );
      // The page answers meanwhile: a click in the middle of a step counts.
      await page.locator('#train-start').click();
      await page.locator('.train[data-state="ready"]').waitFor();
      const { first, last } = await page
        .locator('#train-now')
        .evaluate((now) => ({ first: Number(now.dataset.first), last: Number(now.dataset.last) }));
      expect(first).toBeGreaterThan(0);
      expect(last).toBeLessThan(0.8 * first);
    },
  );

  await step('the chart has a legend, and the example can be heard', async () => {
    for (const name of ['Each step', 'Mean of ten steps', 'Held-out example']) {
      await page.getByText(name, { exact: true }).waitFor();
    }
    const listen = page.locator('.learn-listen');
    for (const sound of ['Mask × mixture', 'True voice', 'Mixture']) {
      await listen.getByRole('radio', { name: sound, exact: true }).check();
      await listen.getByRole('button', { name: 'Play' }).click();
      await listen.getByRole('button', { name: 'Pause' }).click();
    }
  });

  await step('what was trained is saved as a model of the project, and loaded again', async () => {
    const [file] = await Promise.all([page.waitForEvent('download'), page.locator('#train-save').click()]);
    const bytes = await savedBytes(file);
    const { manifest } = await importCheckpoint([{ name: 'trained.zip', bytes }], undefined);
    expect(manifest.networks.vocals).toMatchObject({ encoderFilters: [4, 8, 16, 32] });
    expect(Number(manifest.trainedOn.steps)).toBeGreaterThanOrEqual(50);
    await page.locator('.train[data-state="ready"]').waitFor();
    await page
      .locator('#train-file')
      .setInputFiles({ name: 'trained.zip', mimeType: 'application/zip', buffer: bytes });
    await page.getByText('Training continues from').waitFor();
  });

  await step('it stands among the models to choose from', async () => {
    await page.locator('#train-use').click();
    await page.getByText('is now listed under Models').waitFor({ timeout: PATIENCE_MS });
    await page.locator('#learn-back').click();
    await page.getByRole('button', { name: 'Advanced' }).click();
    await page
      .getByText(/Trained in the browser, \d+ steps/)
      .first()
      .waitFor();
  });

  await step('it separates the demo song', async () => {
    await page.locator('[data-model^="kept/"] input[type="radio"]').check({ force: true });
    await page.click('#model-again');
    await page.waitForSelector('#model-again', { state: 'hidden', timeout: PATIENCE_MS });
    await separated(page);
    await page.locator('#engine', { hasText: 'Trained in the browser' }).waitFor({ state: 'attached' });
    const [file] = await Promise.all([page.waitForEvent('download'), saveButton(page, 'vocals').click()]);
    const stem = await decodeInNode(await savedBytes(file), 'vocals.wav');
    const song = await decodeInNode(await readFile('public/demo/mixture.mp3'), 'mixture.mp3');
    const power = ({ channels }: AudioData) => channels[0].reduce((sum, value) => sum + value * value, 0);
    // A part of the song, not nothing and not all of it.
    expect(power(stem) / power(song)).toBeGreaterThan(0.001);
    expect(power(stem) / power(song)).toBeLessThan(0.9);
  });
});
