import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { PATIENCE_MS } from './app.ts';
import { visitPage } from './built-page.ts';
import { step } from './step.ts';

async function open(path: string): Promise<Page> {
  const { page } = await visitPage({ path, height: 1000 });
  page.setDefaultTimeout(PATIENCE_MS);
  await page.locator('.map-grid .map').first().waitFor();
  return page;
}

test('inside the U-Net', async () => {
  // The demo song is opened by itself.
  const page = await open('?backend=wasm&model=paper#/learn/inside');
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
    await page.locator('#inside-skip-1').uncheck({ force: true });
    const effect = page.locator('#inside-effect[data-mask-change]:not([data-mask-change="0"])');
    await effect.waitFor();
    expect(Number(await effect.getAttribute('data-mask-change'))).toBeGreaterThan(0.001);
    // Of the demo song the true voice is known.
    expect(await effect.textContent()).toMatch(/SDR −?\d+\.\d dB with all connections, −?\d+\.\d dB as switched/);
    await page.locator('#inside-skip-1').check({ force: true });
    await page.locator('#inside-effect[data-mask-change="0"]').waitFor();
  });

  await step('what a cell of the mask depends on is drawn over the input', async () => {
    await page.locator('#inside-look').click();
    const field = page.locator('#inside-field:not([data-frames=""])');
    await field.waitFor();
    const frames = Number(await field.getAttribute('data-frames'));
    expect(frames).toBeGreaterThan(1);
    expect(frames).toBeLessThanOrEqual(128);
  });
});

test('inside Spleeter’s network of the vocals', async () => {
  // The demo song is made by both networks on all bins; one is looked into, on fewer.
  const page = await open('?backend=wasm&quality=best#/learn/inside');
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
      await page.locator('#inside-skip-1').uncheck({ force: true });
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
