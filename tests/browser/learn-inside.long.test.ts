import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { decodeInNode } from '../../src/audio/decode/decode.node.ts';
import { encodeWav } from '../../src/audio/encode/encode-wav.ts';
import { choose, opened, PATIENCE_MS } from './app.ts';
import { visitPage } from './built-page.ts';
import { step } from './step.ts';

/** The switch of a skip connection, counted from 1. */
const skip = (page: Page, n: number): Locator =>
  page.getByRole('checkbox', { name: new RegExp(`^${n}: \\d+ × \\d+$`) });

/** Expects rings round the chosen cell in mask and input, at shares of their width and, from the top, height. */
async function expectMarked(page: Page, x: number, y?: number): Promise<void> {
  const rings = page.getByRole('img', { name: 'The chosen cell', exact: true });
  const pictures = page.getByRole('img', { name: /^The (mask of the patch|magnitudes that the network runs on)/ });
  await expect.poll(() => rings.count()).toBe(2);
  for (const n of [0, 1]) {
    const off = async () => {
      const [ring, picture] = await Promise.all([rings.nth(n).boundingBox(), pictures.nth(n).boundingBox()]);
      if (!ring || !picture) return Number.POSITIVE_INFINITY;
      const offX = ring.x + ring.width / 2 - picture.x - x * picture.width;
      const offY = y === undefined ? 0 : ring.y + ring.height / 2 - picture.y - y * picture.height;
      return Math.max(Math.abs(offX), Math.abs(offY));
    };
    // Half a cell, or less than it on the screen.
    await expect.poll(off).toBeLessThan(5);
  }
}

test('inside the U-Net', async () => {
  // The demo song is opened by itself.
  const { page } = await visitPage({ path: '?backend=wasm&model=paper#/learn/inside', height: 1000 });
  page.setDefaultTimeout(PATIENCE_MS);
  await page.locator('.map-grid .map').first().waitFor();
  await step('a layer is chosen in the drawing by keys, and its maps are shown, the strongest first', async () => {
    await page.locator('.network-stage [data-layer="0"]').focus();
    await page.keyboard.press('ArrowDown');
    await page.locator('.map-place[data-layer="encoder_1"]').waitFor();
    const names = await page.locator('.map-grid .map').evaluateAll((maps) => maps.map((map) => map.ariaLabel ?? ''));
    const strengths = names.map((name) => Number(/activation\| ([\d.e-]+)/.exec(name)?.[1]));
    expect(strengths.length).toBe(18);
    expect(strengths).toEqual([...strengths].sort((a, b) => b - a));
    const size = await page
      .locator('.map-grid canvas')
      .first()
      .evaluate((map) => {
        const { width, height } = map as HTMLCanvasElement;
        return [width, height];
      });
    // 128 frames × 512 bins, halved twice.
    expect(size).toEqual([32, 128]);
    await page.locator('.map-grid .map').first().click();
    await page.locator('.map-large').waitFor();
  });

  await step('switching a skip connection off changes the mask and the sound, and says by how much', async () => {
    const enlarged = page.locator('.map-large');
    const channel = () => enlarged.textContent().then((caption) => /^Channel \d+:/.exec(caption ?? '')?.[0]);
    const before = await channel();
    expect(before).toBeDefined();
    await page.getByText('Switch off connection 3 first.').waitFor();
    await skip(page, 3).uncheck();
    const effect = page.locator('#inside-effect[data-mask-change]:not([data-mask-change="0"])');
    await effect.waitFor();
    expect(Number(await effect.getAttribute('data-mask-change'))).toBeGreaterThan(0.001);
    // Of the demo song the true voice is known.
    const said = (await effect.textContent()) ?? '';
    const [whole, cut] = (/SDR (−?\d+\.\d) dB with all connections, (−?\d+\.\d) dB as switched/.exec(said) ?? [])
      .slice(1)
      .map((decibels) => Number(decibels.replace('−', '-')));
    expect(cut).toBeLessThan(whole);
    expect(said).not.toContain('higher');
    await skip(page, 3).check();
    await page.locator('#inside-effect[data-mask-change="0"]').waitFor();
    // The maps were computed again; the channel that was enlarged still is, so that nothing below it moved.
    expect([await enlarged.isVisible(), await channel()]).toEqual([true, before]);
  });

  await step('where switching off raises the SDR, it is said', async () => {
    await skip(page, 1).uncheck();
    await page.getByText('Without 1, the mask changes').waitFor();
    await page.getByText('The SDR is higher as switched').waitFor();
    await skip(page, 1).check();
    await page.locator('#inside-effect[data-mask-change="0"]').waitFor();
  });

  await step('what a cell of the mask depends on is drawn over the input', async () => {
    await page.locator('#inside-look').click();
    const field = page.locator('#inside-field:not([data-frames=""])');
    await field.waitFor();
    await expectMarked(page, 0.5);
    const frames = Number(await field.getAttribute('data-frames'));
    expect(frames).toBeGreaterThan(1);
    expect(frames).toBeLessThanOrEqual(128);
    // Another cell, by a click.
    const mask = page.getByRole('img', { name: /^The mask of the patch/ });
    const { width, height } = (await mask.boundingBox()) ?? { width: 0, height: 0 };
    await mask.click({ position: { x: 0.25 * width, y: 0.4 * height } });
    await expectMarked(page, 0.25, 0.4);
  });
});

test('inside Spleeter’s network of the vocals', async () => {
  // The song is made by both networks on all bins; one is looked into, on fewer. It is a little longer than its patch.
  const { page } = await visitPage({ path: '?backend=wasm&quality=best', height: 1000 });
  page.setDefaultTimeout(PATIENCE_MS);
  const { sampleRate, channels } = await decodeInNode(await readFile('public/demo/mixture.mp3'), 'mixture.mp3');
  const part = channels.map((channel) => channel.slice(10 * sampleRate, 18 * sampleRate));
  const bytes = await new Blob(encodeWav({ sampleRate, channels: part }, '16')).arrayBuffer();
  await choose(page, { name: 'Eight seconds.wav', mimeType: 'audio/wav', buffer: Buffer.from(bytes) });
  await opened(page, 'Eight seconds');
  await page.evaluate(() => {
    location.hash = '#/learn/inside';
  });
  await page.locator('.map-grid .map').first().waitFor();
  await step('six blocks a side and the output are drawn, on the fast quality’s bins and on 256 frames', async () => {
    expect(await page.locator('.network-stage [data-layer]').count()).toBe(13);
    expect(await page.locator('.network-svg .edge.skip').count()).toBe(5);
    await page.locator('.network-stage [data-layer="12"]').click();
    await page.locator('.network-reading', { hasText: '512 × 256 × 1 → 512 × 256 × 2' }).waitFor();
    await page.locator('.map-place[data-layer="output_0"]').waitFor();
    expect(await page.locator('.map-grid .map').count()).toBe(2);
    await page.getByText('Spleeter (Deezer, 2019) is a larger relative of the paper’s network.').waitFor();
  });

  await step(
    'a skip connection can be cut, and a cell’s field of view is found through the dilated convolution',
    async () => {
      await skip(page, 2).uncheck();
      const effect = page.locator('#inside-effect[data-mask-change]:not([data-mask-change="0"])');
      await effect.waitFor();
      expect(Number(await effect.getAttribute('data-mask-change'))).toBeGreaterThan(0.001);
      await page.locator('#inside-look').click();
      const field = page.locator('#inside-field:not([data-frames=""])');
      await field.waitFor();
      expect(Number(await field.getAttribute('data-frames'))).toBeGreaterThan(1);
    },
  );
});
