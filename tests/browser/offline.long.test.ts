import { appendFile, cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import {
  button,
  choose,
  engine,
  notice,
  opened,
  PATIENCE_MS,
  passes,
  play,
  plays,
  practice,
  press,
  saveButton,
  saveFormat,
  separated,
  text,
} from './app.ts';
import { type FileSite, serveFiles } from './file-site.ts';
import { savedBytes, sharedBrowser } from './shared-browser.ts';
import { step } from './step.ts';

/** The page works from anywhere, and asks the host for nothing but its files. */
const SUB_PATH = '/music/un sung/';

let folder: string;
let site: FileSite;
let context: BrowserContext;
let page: Page;
let problems: string[];

/** Serves the page from a folder of its own, and visits it for the first time. At the test’s end nobody else was asked. */
async function start(): Promise<void> {
  const strangers: string[] = [];
  problems = [];
  folder = await mkdtemp(join(tmpdir(), 'unsung-offline-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await cp(inject('shared').page, folder, { recursive: true });
  site = await serve();
  onTestFinished(() => site.close());
  const { address } = site;
  context = await (await sharedBrowser()).newContext({ locale: 'en-US' });
  context.on('request', (request) => {
    if (!request.url().startsWith(address) && /^(https?|wss?):/.test(request.url())) strangers.push(request.url());
  });
  onTestFinished(async () => {
    await context.close();
    expect(strangers).toEqual([]);
    expect(problems).toEqual([]);
  });
  page = await open();
}

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

/** What the tags of that file say. */
const NAME = 'Unsung – Sing It to the Sea (vocals)';

const pieceOfSong = async () => (await readFile('public/demo/vocals.mp3')).subarray(0, 60_000);

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

describe('after one visit', () => {
  test('the page works offline, and a new version is loaded when the user agrees', async () => {
    await start();
    await step('the page says that it can be used without a network', async () => {
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
      await notice(page, text('offline.ready')).waitFor({ timeout: PATIENCE_MS });
      // With the network: it is there, too, and nothing is kept twice.
      await engine(page);
      const kept = await page.evaluate(async () => {
        const caching = (await caches.keys()).map(async (name) => await (await caches.open(name)).keys());
        return (await Promise.all(caching)).flat().map(({ url }) => url);
      });
      expect(kept.filter((url) => /sha256/.test(url)).length).toBeGreaterThan(0);
      expect(kept.filter((url) => /models\/.*(model\.json|\.bin)/.test(url))).toEqual([]);
    });

    await step(
      'everything works with the network off and no server there: the demo song is separated and plays',
      async () => {
        await context.setOffline(true);
        await site.close();
        await page.close();
        page = await open();
        // The host sends no such headers: the service worker does.
        expect(await page.evaluate(() => [navigator.onLine, crossOriginIsolated])).toEqual([false, true]);
        await button(page, 'start.demo').click();
        await separated(page);
        await press(page, '2');
        await press(page, ' ');
        await passes(page, 0.5);
        // Saving has code and WebAssembly of its own, which nothing has asked for yet.
        await saveFormat(page).selectOption('flac');
        const saving = page.waitForEvent('download');
        await saveButton(page, 'vocals').click();
        expect((await savedBytes(await saving)).subarray(0, 4).toString()).toBe('fLaC');
        expect(problems).toEqual([]);
      },
    );

    await context.setOffline(false);
    site = await serve(site.port);

    await step('is told when nothing plays or is separated', async () => {
      // The demo song still plays in this page, from now on without an end.
      await page.bringToFront();
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      await press(page, 'l');
      await practice(page)
        .getByRole('button', { name: text('practice.repeat'), pressed: true, includeHidden: true })
        .waitFor({ state: 'attached' });
      if (!(await plays(page))) await play(page).click();
      await button(page, 'player.pause').waitFor();
      await publish();
      expect(await notice(page, text('offline.update')).count()).toBe(0);
      await play(page).click();
      await notice(page, text('offline.update')).waitFor();

      // Taken back while another song is opened and separated, and told again afterwards.
      await page.evaluate((update) => {
        const seen = { working: 0, told: 0 };
        new MutationObserver(() => {
          const panel = document.querySelector<HTMLElement>('.content > .progress:not([hidden])');
          if (!panel || panel.dataset.kind === 'done') return;
          seen.working++;
          if (document.body.textContent.includes(update)) seen.told++;
        }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
        Object.assign(window, { seen });
      }, text('offline.update'));
      const buffer = await readFile('public/demo/vocals.mp3');
      await choose(page, { name: 'Another song.mp3', mimeType: 'audio/mpeg', buffer });
      await opened(page, NAME);
      await notice(page, text('offline.update')).waitFor({ timeout: 100_000 });
      await separated(page);
      const seen = await page.evaluate(() => (window as unknown as { seen: { working: number; told: number } }).seen);
      expect(seen.working).toBeGreaterThan(2);
      expect(seen.told).toBe(0);
    });

    await step('comes when the person says so, and not while another window is open', async () => {
      const before = await page.evaluate(() => performance.timeOrigin);
      const other = await open();
      await page.bringToFront();
      await notice(page, text('offline.update'))
        .getByRole('button', { name: text('offline.reload') })
        .click();
      await notice(page, text('offline.others')).waitFor();
      const waiting = () =>
        page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.waiting != null);
      expect(await waiting()).toBe(true);
      await other.close();
      // A newer one takes the place of the one that was told of.
      await publish();
      await notice(page, text('offline.update'))
        .getByRole('button', { name: text('offline.reload') })
        .click();
      await page.waitForFunction((origin) => performance.timeOrigin !== origin, before);
      await opened(page, NAME);
      expect(await waiting()).toBe(false);
    });
  });
});

describe('files from outside', () => {
  test('a file shared by another app is opened', async () => {
    await start();
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));

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
    await opened(shared, NAME);
    expect(new URL(shared.url()).search).toBe('?shared');
    expect(await shared.evaluate(() => caches.has('unsung-shared'))).toBe(false);
    await shared.close();
  });

  test('a file that the system opens with the installed page is opened', async () => {
    await start();
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));

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
    await opened(launched, NAME);
    await launched.close();
  });
});
