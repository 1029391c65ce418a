import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { build, type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from './chromium.ts';

let folder: string;
let site: PreviewServer | undefined;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let address: string;
const problems: string[] = [];
const strangers: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unsung-offline-'));
  await build({ logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
  site = await preview({ logLevel: 'error', build: { outDir: folder }, preview: { port: 0 } });
  address = site.resolvedUrls?.local[0] ?? '';
  browser = await launchChromium();
  context = await browser.newContext({ locale: 'en-US' });
  context.on('request', (request) => {
    if (!request.url().startsWith(address) && /^(https?|wss?):/.test(request.url())) strangers.push(request.url());
  });
  page = await open();
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(search = '?backend=wasm'): Promise<Page> {
  const opened = await context.newPage();
  opened.on('pageerror', (error) => problems.push(error.message));
  await opened.goto(`${address}${search}`);
  return opened;
}

const notice = (text: string, of = page) => of.locator('.notice', { hasText: text });

describe('after one visit', () => {
  test('the page says that it can be used without a network', async () => {
    await notice('without a network').waitFor({ timeout: 100_000 });
    // The network is there, too.
    await page.locator('#engine [data-backend="wasm"]').waitFor({ state: 'attached', timeout: 100_000 });
  });

  test('everything works with the network off and no server there: the demo song is separated and plays', async () => {
    await context.setOffline(true);
    await site?.close();
    site = undefined;
    await page.close();
    page = await open();
    expect(await page.evaluate(() => [navigator.onLine, crossOriginIsolated])).toEqual([false, true]);
    await page.locator('#demo').click();
    await page.locator('#save-vocals:enabled').waitFor({ timeout: 200_000 });
    await page.locator('body').press('2');
    await page.locator('body').press(' ');
    await page.waitForFunction(() => (document.querySelector('#position') as HTMLInputElement).valueAsNumber > 0.5);
    expect(problems).toEqual([]);
  });
});

describe('files from outside', () => {
  test('what another app shares is opened', async () => {
    const bytes = [...(await readFile('public/demo/vocals.mp3'))].slice(0, 60_000);
    await page.evaluate(async (values) => {
      const form = new FormData();
      form.append('files', new File([new Uint8Array(values)], 'Sung by Ána #1.mp3', { type: 'audio/mpeg' }));
      await fetch('./share', { method: 'POST', body: form });
    }, bytes);
    const shared = await open('?shared');
    await shared.locator('.song h1', { hasText: 'Sung by Ána #1' }).waitFor();
    expect(await shared.evaluate(() => caches.has('unsung-shared'))).toBe(false);
    await shared.close();
  });

  test('a file that the system opens with the installed page is opened', async () => {
    const bytes = [...(await readFile('public/demo/vocals.mp3'))].slice(0, 60_000);
    const launched = await context.newPage();
    await launched.addInitScript((values) => {
      const file = new File([new Uint8Array(values)], 'Double-clicked.mp3', { type: 'audio/mpeg' });
      const queue = {
        setConsumer: (consumer: (params: unknown) => void) => consumer({ files: [{ getFile: async () => file }] }),
      };
      Object.defineProperty(window, 'launchQueue', { value: queue });
    }, bytes);
    await launched.goto(address);
    await launched.locator('.song h1', { hasText: 'Double-clicked' }).waitFor();
    await launched.close();
  });
});

describe('a new version', () => {
  test('is told when nothing plays, and comes when the person says so', async () => {
    await context.setOffline(false);
    site = await preview({
      logLevel: 'error',
      build: { outDir: folder },
      preview: { port: Number(new URL(address).port) },
    });
    await appendFile(join(folder, 'service-worker.js'), '\n// Another version.\n');
    // The demo song still plays in this page.
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
    await page.waitForFunction(async () => (await navigator.serviceWorker.getRegistration())?.waiting != null);
    expect(await notice('A new version').count()).toBe(0);
    await page.locator('body').press(' ');
    await notice('A new version').waitFor();
    await notice('will have to be opened again').waitFor();
    const before = await page.evaluate(() => performance.timeOrigin);
    await notice('A new version').getByRole('button', { name: 'Reload now' }).click();
    await page.waitForFunction((origin) => performance.timeOrigin !== origin, before);
    await page.locator('#demo').waitFor();
    expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.waiting)).toBe(null);
  });

  test('has sent no request to anybody else, all the while', () => {
    expect(strangers).toEqual([]);
    expect(problems).toEqual([]);
  });
});
