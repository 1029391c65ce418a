import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../../tests/browser/chromium.ts';
import { largest, type ProcessMemory, resetPeaks } from '../chromium/processes.ts';
import { DEMO } from '../lib/describe-run.ts';
import { makeLongSong } from './long-song.ts';
import { collectGarbage, scriptBytes, type TensorMemory, tensorMemory } from './page-memory.ts';

/** How the memory stands at one moment. Peaks are since the moment before. */
export interface Moment {
  readonly when: string;
  /** The page with all its workers; missing where there is no /proc. */
  readonly page?: ProcessMemory;
  /** The process of the graphics. */
  readonly graphics?: ProcessMemory;
  /** Of TensorFlow.js, on the backend in use. */
  readonly tensors?: TensorMemory;
  /** Of the page's and its workers' scripts, array buffers included, where the browser tells it. */
  readonly scriptBytes?: number;
  /** Seconds that the song took, from choosing the file to the last sample. */
  readonly seconds?: number;
}

export interface MemoryReport {
  readonly date: string;
  readonly song: { readonly name: string; readonly seconds?: number };
  readonly backend: string;
  readonly moments: readonly Moment[];
}

const TEN_MINUTES = 600;
const WHICH = ['first', 'second'];
/** Software graphics need a minute and more for ten minutes of song; a busy machine many times as long. */
const PATIENCE_MS = 3_600_000;

/** Opens two long songs, one after the other, or the one that is given, on the real page in a real Chromium, as a person would. */
export async function measureMemory(
  address: string,
  flags: { readonly song?: string; readonly seconds?: number; readonly backend?: string; readonly model?: string },
): Promise<MemoryReport> {
  const folder = await mkdtemp(join(tmpdir(), 'unsung-bench-song-'));
  const browser = await launchChromium(['--js-flags=--expose-gc', '--enable-blink-features=ForceEagerMeasureMemory']);
  try {
    const seconds = flags.song === undefined ? (flags.seconds ?? TEN_MINUTES) : undefined;
    const files =
      seconds === undefined
        ? [resolve(flags.song ?? '')]
        : // A second longer, since the page knows a file that it has kept.
          [await makeLongSong(DEMO, seconds, folder), await makeLongSong(DEMO, seconds + 1, folder)];
    const page = await browser.newPage();
    const { backend: wished, model } = flags;
    const query = new URLSearchParams({ ...(wished && { backend: wished }), ...(model && { model }) });
    await page.goto(`${address}?${query}`);
    const status = page.locator('[data-backend]');
    await status.waitFor({ state: 'attached', timeout: PATIENCE_MS });
    const backend = (await status.getAttribute('data-backend')) ?? '';
    const moments = [await look(browser, page, 'page open, network ready')];
    for (const [n, file] of files.entries()) {
      const took = await separate(page, file);
      moments.push({ ...(await look(browser, page, `${WHICH[n]} song separated`)), seconds: took });
      await collectGarbage(page);
      moments.push(await look(browser, page, 'after garbage collection'));
    }
    return {
      date: new Date().toISOString(),
      song: { name: files.map((file) => basename(file)).join(', '), seconds },
      backend,
      moments,
    };
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Chooses the file and waits until the page says that it is done; seconds. */
async function separate(page: Page, file: string): Promise<number> {
  const start = performance.now();
  const done = page.locator('.progress[data-kind="done"]');
  const wasDone = (await done.count()) > 0;
  await page.setInputFiles('input[type=file]', file);
  // What it says of the song before must be gone first.
  if (wasDone) await done.waitFor({ state: 'detached', timeout: PATIENCE_MS });
  const outcome = done.or(page.locator('.notice.error')).first();
  await outcome.waitFor({ state: 'attached', timeout: PATIENCE_MS });
  const error = page.locator('.notice.error');
  if ((await error.count()) > 0) throw new Error(`The page says: ${await error.first().textContent()}`);
  return (performance.now() - start) / 1000;
}

async function look(browser: Browser, page: Page, when: string): Promise<Moment> {
  const moment: Moment = {
    when,
    page: await largest(browser, 'renderer'),
    graphics: await largest(browser, 'GPU'),
    tensors: await tensorMemory(page),
    scriptBytes: await scriptBytes(page),
  };
  await resetPeaks(browser);
  return moment;
}
