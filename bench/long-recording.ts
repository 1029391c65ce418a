import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Command } from 'commander';
import type { Browser, Page } from 'playwright-core';
import { clock } from '../tools/lib/progress.ts';
import {
  backendInUse,
  largest,
  makeLongSong,
  PagePeak,
  resetPeaks,
  throwShownError,
  visitAgain,
  withBuiltPage,
} from './lib/built-page.ts';
import { loads, megabytes, positive, runBenchmark, table } from './lib/command.ts';

/** One step, its time, and the memory meanwhile. */
interface LongStep {
  readonly what: string;
  readonly seconds: number;
  /** Peak bytes of the page's process with all its workers since the step before. */
  readonly pagePeak?: number;
  /** Peak bytes of the page's process without code and files, sampled twice a second. */
  readonly pageOwn?: number;
  /** Peak bytes of the browser's own process, which has the files. */
  readonly browserPeak?: number;
}

interface LongReport {
  readonly date: string;
  readonly song: { readonly name: string; readonly seconds: number; readonly bytes: number };
  readonly backend: string;
  readonly steps: readonly LongStep[];
  /** Bytes on the disk with the song open. */
  readonly diskBytes: number;
}

/** A busy machine takes hours for what takes minutes. */
const TIMEOUT_MS = 4 * 3_600_000;

/**
 * Opens a long song on the page at a second visit, plays it, seeks to three quarters and saves a stem.
 */
async function measureLong(address: string, minutes: number, model?: string): Promise<LongReport> {
  const url = `${address}?${new URLSearchParams({ backend: 'wasm', ...(model && { model }) })}`;
  const folder = await mkdtemp(join(tmpdir(), 'unsung-bench-long-'));
  const file = await makeLongSong(60 * minutes, folder);
  const { browser, page, close } = await visitAgain(url, folder);
  try {
    const steps: LongStep[] = [];
    const step = async <T>(what: string, act: () => Promise<T>): Promise<T> => {
      const { result, ...figures } = await measureStep(browser, act);
      steps.push({ what, ...figures });
      console.log(`${what}: ${figures.seconds.toFixed(1)} s`);
      return result;
    };
    const backend = await step('page open, network ready', async () => {
      await page.goto(url);
      return await backendInUse(page, TIMEOUT_MS);
    });
    const progress = (kind: string) =>
      page.locator(`.progress[data-kind="${kind}"], .notice.error`).first().waitFor({ timeout: TIMEOUT_MS });
    await step('decoded to the disk', async () => {
      await page.setInputFiles('input[type=file]', file);
      await progress('separating');
    });
    await step('separated', () => progress('done'));
    await throwShownError(page);
    const diskBytes = await page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
    await step('ten seconds played', async () => {
      await page.click('#play');
      await passed(page, 10);
    });
    await step('played from three quarters on', async () => {
      await page.locator('body').press('2');
      await seek(page, 45 * minutes);
      await passed(page, 45 * minutes + 0.5);
      await page.click('#play');
    });
    await step('vocals saved as FLAC', async () => {
      await page.click('#save-open');
      await page.selectOption('#save-format', 'flac');
      // Where the page can write to a chosen file it shows a dialog, which nobody would answer here.
      await page.evaluate(() => Reflect.deleteProperty(window, 'showSaveFilePicker'));
      const [download] = await Promise.all([
        page.waitForEvent('download', { timeout: TIMEOUT_MS }),
        page.click('#save-vocals'),
      ]);
      await download.saveAs(join(folder, 'vocals.flac'));
    });
    const { size } = await stat(file);
    const song = { name: basename(file), seconds: 60 * minutes, bytes: size };
    return { date: new Date().toISOString(), song, backend, steps, diskBytes };
  } finally {
    await close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs a step and measures its time and memory. */
async function measureStep<T>(
  browser: Browser,
  act: () => Promise<T>,
): Promise<Omit<LongStep, 'what'> & { readonly result: T }> {
  await resetPeaks(browser);
  const own = new PagePeak(browser, 'anonymous');
  const start = performance.now();
  const result = await act().finally(() => own.end());
  const seconds = (performance.now() - start) / 1000;
  const [ofPage, ofBrowser] = [await largest(browser, 'renderer'), await largest(browser, 'browser')];
  return { result, seconds, pagePeak: ofPage?.peak, pageOwn: own.take(), browserPeak: ofBrowser?.peak };
}

/** Moves the player's position as a person does with the slider. */
async function seek(page: Page, seconds: number): Promise<void> {
  await page.locator('#position').evaluate((input: HTMLInputElement, to) => {
    input.value = String(to);
    input.dispatchEvent(new Event('input', { bubbles: true }));
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }, seconds);
}

/** Waits until the song has played past a time. */
async function passed(page: Page, seconds: number): Promise<void> {
  await page.waitForFunction(
    (to) => (document.querySelector('#position') as HTMLInputElement).valueAsNumber > to,
    seconds,
    { timeout: TIMEOUT_MS, polling: 50 },
  );
}

function longText({ song, backend, steps, diskBytes }: LongReport): string {
  return [
    `A recording of ${clock(song.seconds)} (${song.name}, ${megabytes(song.bytes)} MB), ${backend}, load average ${loads()}`,
    `${(diskBytes / 1e9).toFixed(2)} GB on the disk. Peaks in MB (10⁶ bytes) since the line above, by /proc.`,
    table(
      ['', 'time, s', '× real time', 'page’s peak', 'its own', 'browser’s peak'],
      steps.map(({ what, seconds, pagePeak, pageOwn, browserPeak }) => [
        what,
        seconds.toFixed(1),
        (song.seconds / seconds).toFixed(0),
        ...[pagePeak, pageOwn, browserPeak].map(megabytes),
      ]),
    ),
  ].join('\n');
}

const { minutes, model, json } = new Command('bench:long')
  .description('Measures time and memory of a recording of two hours on the real page in Chromium, all on disk.')
  .option('--minutes <n>', 'its length', positive, 120)
  .option('--model <id>', 'a model of models/index.json (default: the page’s)')
  .option('--json <file>', 'write all figures to this file')
  .parse()
  .opts<{ minutes: number; model?: string; json?: string }>();

await runBenchmark(async () => {
  const report = await withBuiltPage((address) => measureLong(address, minutes, model));
  console.log(longText(report));
  return report;
}, json);
