import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { CHROMIUM_ARGS, findChromium } from '../../tests/browser/chromium.ts';
import { largest, resetPeaks } from '../chromium/processes.ts';
import { DEMO } from '../lib/describe-run.ts';
import { makeLongSong } from '../memory/long-song.ts';

/** One thing that was done with the song, how long it took, and what the page took of the memory meanwhile. */
export interface LongStep {
  readonly what: string;
  readonly seconds: number;
  /** Bytes of the page's process, all its workers included: the most since the step before. */
  readonly pagePeak?: number;
  /** … of its own: without code and files; looked at twice a second. */
  readonly pageOwn?: number;
  /** … and of the browser's own process, which has the files. */
  readonly browserPeak?: number;
}

export interface LongReport {
  readonly date: string;
  readonly song: { readonly name: string; readonly seconds: number; readonly bytes: number };
  readonly backend: string;
  readonly steps: readonly LongStep[];
  /** Bytes on the disk with the song open. */
  readonly diskBytes: number;
}

/** A busy machine takes hours for what takes minutes. */
const PATIENCE_MS = 4 * 3_600_000;

/**
 * Opens a long song on the real page, with a profile on disk: in a window without one, Chromium keeps the origin's files
 * in memory. Then plays it, goes to its end, and saves a stem. It is the page's second visit: at the first, the service
 * worker keeps what it fetches until it stops, and it never stops while a debugger is there, as here.
 */
export async function measureLong(address: string, minutes: number, model?: string): Promise<LongReport> {
  const url = `${address}?${new URLSearchParams({ backend: 'wasm', ...(model && { model }) })}`;
  const folder = await mkdtemp(join(tmpdir(), 'unsung-bench-long-'));
  const file = await makeLongSong(DEMO, 60 * minutes, folder);
  const open = () =>
    chromium.launchPersistentContext(join(folder, 'profile'), {
      executablePath: findChromium(),
      args: [...CHROMIUM_ARGS],
      viewport: { width: 1280, height: 900 },
    });
  const visit = await open();
  await visitOnce(visit, url).finally(() => visit.close());
  const context = await open();
  try {
    const browser = browserOf(context);
    const page = context.pages()[0] ?? (await context.newPage());
    const steps: LongStep[] = [];
    const step = async (what: string, act: () => Promise<unknown>): Promise<void> => {
      await resetPeaks(browser);
      let pageOwn = 0;
      const look = setInterval(async () => {
        pageOwn = Math.max(pageOwn, (await largest(browser, 'renderer').catch(() => undefined))?.anonymous ?? 0);
      }, 500);
      const start = performance.now();
      await act().finally(() => clearInterval(look));
      const seconds = (performance.now() - start) / 1000;
      const [ofPage, ofBrowser] = [await largest(browser, 'renderer'), await largest(browser, 'browser')];
      steps.push({ what, seconds, pagePeak: ofPage?.peak, pageOwn, browserPeak: ofBrowser?.peak });
      console.log(`${what}: ${seconds.toFixed(1)} s`);
    };
    const status = page.locator('[data-backend]');
    await step('page open, network ready', async () => {
      await page.goto(url);
      await status.waitFor({ state: 'attached', timeout: PATIENCE_MS });
    });
    const backend = (await status.getAttribute('data-backend')) ?? '';
    const progress = (kind: string) =>
      page.locator(`main > .progress[data-kind="${kind}"], .notice.error`).first().waitFor({ timeout: PATIENCE_MS });
    await step('decoded to the disk', async () => {
      await page.setInputFiles('input[type=file]', file);
      await progress('separating');
    });
    await step('separated', () => progress('done'));
    const error = page.locator('.notice.error');
    if ((await error.count()) > 0) throw new Error(`The page says: ${await error.first().textContent()}`);
    const diskBytes = await page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
    await step('ten seconds played', async () => {
      await page.click('#play');
      await passed(page, 10);
    });
    await step('played from three quarters on', async () => {
      await page.locator('body').press('2');
      await goTo(page, 45 * minutes);
      await passed(page, 45 * minutes + 0.5);
      await page.click('#play');
    });
    await step('vocals saved as FLAC', async () => {
      await page.selectOption('#save-format', 'flac');
      // Where the page may write a chosen file at once it asks which: nobody is there to answer.
      await page.evaluate(() => Reflect.deleteProperty(window, 'showSaveFilePicker'));
      const [download] = await Promise.all([
        page.waitForEvent('download', { timeout: PATIENCE_MS }),
        page.click('#save-vocals'),
      ]);
      await download.saveAs(join(folder, 'vocals.flac'));
    });
    const { size } = await stat(file);
    const song = { name: basename(file), seconds: 60 * minutes, bytes: size };
    return { date: new Date().toISOString(), song, backend, steps, diskBytes };
  } finally {
    await context.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function visitOnce(context: BrowserContext, url: string): Promise<void> {
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto(url);
  await page.locator('[data-backend]').waitFor({ state: 'attached', timeout: PATIENCE_MS });
  await page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state);
}

function browserOf(context: BrowserContext): Browser {
  const browser = context.browser();
  if (!browser) throw new Error('The browser of a lasting profile cannot be asked here.');
  return browser;
}

async function goTo(page: Page, seconds: number): Promise<void> {
  await page.locator('#position').evaluate((input: HTMLInputElement, to) => {
    input.value = String(to);
    input.dispatchEvent(new Event('input', { bubbles: true }));
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }, seconds);
}

async function passed(page: Page, seconds: number): Promise<void> {
  await page.waitForFunction(
    (to) => (document.querySelector('#position') as HTMLInputElement).valueAsNumber > to,
    seconds,
    { timeout: PATIENCE_MS, polling: 50 },
  );
}
