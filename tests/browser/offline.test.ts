import { appendFile, cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtPage } from './builds.ts';
import { launchChromium } from './chromium.ts';
import { type FileSite, serveFiles } from './file-site.ts';

/** The page works from anywhere, and asks the host for nothing but its files. */
const SUB_PATH = '/music/un sung/';

let folder: string;
let site: FileSite;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const problems: string[] = [];
const strangers: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unsung-offline-'));
  await cp(await builtPage(), folder, { recursive: true });
  site = await serve();
  browser = await launchChromium();
  context = await browser.newContext({ locale: 'en-US' });
  context.on('request', (request) => {
    if (!request.url().startsWith(site.address) && /^(https?|wss?):/.test(request.url())) strangers.push(request.url());
  });
  page = await open();
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
  await rm(folder, { recursive: true, force: true });
});

const serve = (port?: number) => serveFiles(SUB_PATH, (path) => join(folder, path || 'index.html'), port);

async function open(search = '?backend=wasm&quality=fast'): Promise<Page> {
  const opened = await context.newPage();
  opened.setDefaultTimeout(60_000);
  opened.on('pageerror', (error) => problems.push(error.message));
  // Among them every breach of the Content-Security-Policy.
  opened.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  await opened.goto(`${site.address}${search}`);
  return opened;
}

const notice = (text: string, of = page) => of.locator('.notice', { hasText: text });
const pieceOfSong = async () => (await readFile('public/demo/vocals.mp3')).subarray(0, 60_000);

describe('after one visit', () => {
  test('the page says that it can be used without a network', async () => {
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    await notice('without a network').waitFor({ timeout: 100_000 });
    // With the network: it is there, too, and nothing is kept twice.
    await page.locator('#engine [data-backend="wasm"]').waitFor({ state: 'attached', timeout: 100_000 });
    const kept = await page.evaluate(async () => {
      const caching = (await caches.keys()).map(async (name) => await (await caches.open(name)).keys());
      return (await Promise.all(caching)).flat().map(({ url }) => url);
    });
    expect(kept.filter((url) => /sha256/.test(url)).length).toBeGreaterThan(0);
    expect(kept.filter((url) => /models\/.*(model\.json|\.bin)/.test(url))).toEqual([]);
  });

  test('everything works with the network off and no server there: the demo song is separated and plays', async () => {
    await context.setOffline(true);
    await site.close();
    await page.close();
    page = await open();
    // The host sends no such headers: the service worker does.
    expect(await page.evaluate(() => [navigator.onLine, crossOriginIsolated])).toEqual([false, true]);
    await page.locator('#demo').click();
    await page.locator('#save-vocals:enabled').waitFor({ timeout: 200_000 });
    await page.locator('body').press('2');
    await page.locator('body').press(' ');
    await page.waitForFunction(() => (document.querySelector('#position') as HTMLInputElement).valueAsNumber > 0.5);
    // Saving has code and WebAssembly of its own, which nothing has asked for yet.
    await page.locator('#save-format').selectOption('flac');
    const saving = page.waitForEvent('download');
    await page.locator('#save-vocals').click();
    expect((await readFile(await (await saving).path())).subarray(0, 4).toString()).toBe('fLaC');
    expect(problems).toEqual([]);
  });
});

describe('files from outside', () => {
  test('what another app shares is opened', async () => {
    const shared = await context.newPage();
    shared.on('pageerror', (error) => problems.push(error.message));
    // As the system does it: a form that is sent from nowhere, and the page that comes as the answer.
    await shared.setContent(
      `<form method="post" enctype="multipart/form-data" action="${site.address}share">
        <input type="file" name="files" /><button>Share</button>
      </form>`,
    );
    const song = { name: 'Sung by Ána #1.mp3', mimeType: 'audio/mpeg', buffer: await pieceOfSong() };
    await shared.setInputFiles('input', song);
    await shared.getByRole('button', { name: 'Share' }).click();
    await shared.locator('.song h1', { hasText: 'Sung by Ána #1' }).waitFor();
    expect(shared.url()).toBe(`${site.address}?shared`);
    expect(await shared.evaluate(() => caches.has('unsung-shared'))).toBe(false);
    await shared.close();
  });

  test('a file that the system opens with the installed page is opened', async () => {
    // Another song than the shared one, which may be kept by now.
    const bytes = [...(await pieceOfSong()).subarray(0, 50_000)];
    const launched = await context.newPage();
    await launched.addInitScript((values) => {
      const file = new File([new Uint8Array(values)], 'Double-clicked.mp3', { type: 'audio/mpeg' });
      const queue = {
        setConsumer: (consumer: (params: unknown) => void) => consumer({ files: [{ getFile: async () => file }] }),
      };
      Object.defineProperty(window, 'launchQueue', { value: queue });
    }, bytes);
    await launched.goto(site.address);
    await launched.locator('.song h1', { hasText: 'Double-clicked' }).waitFor();
    await launched.close();
  });
});

describe('a new version', () => {
  beforeAll(async () => {
    await context.setOffline(false);
    site = await serve(site.port);
  });

  /** Puts another version on the host, and waits until the browser has fetched it. */
  async function publish(): Promise<void> {
    await appendFile(join(folder, 'service-worker.js'), '\n// Another version.\n');
    await page.evaluate(async () => {
      const registration = (await navigator.serviceWorker.getRegistration()) as ServiceWorkerRegistration;
      Object.assign(window, { before: registration.waiting });
      await registration.update();
    });
    const isThere = () =>
      page.evaluate(async () => {
        const { waiting } = (await navigator.serviceWorker.getRegistration()) as ServiceWorkerRegistration;
        return waiting !== null && waiting !== (window as unknown as { before: ServiceWorker | null }).before;
      });
    await expect.poll(isThere).toBe(true);
  }

  test('is told when nothing plays or is separated', async () => {
    // The demo song still plays in this page, from now on without an end.
    await page.bringToFront();
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.locator('body').press('l');
    await page.locator('#loop-toggle[aria-pressed="true"]').waitFor({ state: 'attached' });
    const play = page.locator('#play');
    if ((await play.getAttribute('aria-label')) === 'Play') await play.click();
    await page.locator('#play[aria-label="Pause"]').waitFor();
    await publish();
    expect(await notice('A new version').count()).toBe(0);
    await play.click();
    await notice('A new version').waitFor();

    // Taken back while another song is opened and separated, and told again afterwards.
    await page.evaluate(() => {
      const seen = { working: 0, told: 0 };
      new MutationObserver(() => {
        const panel = document.querySelector<HTMLElement>('main > .progress:not([hidden])');
        if (!panel || panel.dataset.kind === 'done') return;
        seen.working++;
        if (/A new version/.test(document.querySelector('.notices')?.textContent ?? '')) seen.told++;
      }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
      Object.assign(window, { seen });
    });
    const buffer = await readFile('public/demo/vocals.mp3');
    await page.setInputFiles('input[type=file]', { name: 'Another song.mp3', mimeType: 'audio/mpeg', buffer });
    await page.locator('.song h1', { hasText: 'Another song' }).waitFor();
    await notice('A new version').waitFor({ timeout: 100_000 });
    await page.locator('#save-vocals:enabled').waitFor();
    const seen = await page.evaluate(() => (window as unknown as { seen: { working: number; told: number } }).seen);
    expect(seen.working).toBeGreaterThan(2);
    expect(seen.told).toBe(0);
  });

  test('comes when the person says so, and not while another window is open', async () => {
    const before = await page.evaluate(() => performance.timeOrigin);
    const other = await open();
    await page.bringToFront();
    await notice('A new version').getByRole('button', { name: 'Reload now' }).click();
    await notice('another window').waitFor();
    const waiting = () => page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.waiting != null);
    expect(await waiting()).toBe(true);
    await other.close();
    // A newer one takes the place of the one that was told of.
    await publish();
    await notice('A new version').getByRole('button', { name: 'Reload now' }).click();
    await page.waitForFunction((origin) => performance.timeOrigin !== origin, before);
    await page.locator('#demo').waitFor();
    expect(await waiting()).toBe(false);
  });
});

describe('the page', () => {
  test('has sent no request to anybody else, all the while', () => {
    expect(strangers).toEqual([]);
    expect(problems).toEqual([]);
  });
});
