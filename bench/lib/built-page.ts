import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build, preview } from 'vite';
import { sampleCount } from '../../src/audio/audio-data.ts';
import { encodeWav } from '../../src/audio/encode/encode-wav.ts';
import { CHROMIUM_ARGS, findChromium } from '../../tests/browser/chromium.ts';
import { readSong } from '../../tools/lib/read-song.ts';

/** Starting the page takes seconds; a busy machine needs many times as long. */
const TIMEOUT_MS = 600_000;

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The page's demo song. */
export const DEMO = join(ROOT, 'public/demo/mixture.mp3');

/**
 * Builds the page and the benchmark's own page into a temporary folder, with the project's settings, and serves both
 * with its headers while `use` runs.
 *
 * @param use receives the page's address, ending in a slash; the benchmark's page is at `bench/stages/page/` below it
 */
export async function withBuiltPage<T>(use: (address: string) => Promise<T>): Promise<T> {
  const outDir = await mkdtemp(join(tmpdir(), 'unsung-bench-'));
  try {
    await build({
      root: ROOT,
      logLevel: 'error',
      build: {
        outDir,
        emptyOutDir: true,
        rolldownOptions: { input: [join(ROOT, 'index.html'), join(ROOT, 'bench/stages/page/index.html')] },
      },
    });
    const server = await preview({ root: ROOT, logLevel: 'error', build: { outDir }, preview: { port: 0 } });
    try {
      const address = server.resolvedUrls?.local[0];
      if (address === undefined) throw new Error('The server gave no address.');
      return await use(address);
    } finally {
      await server.close();
    }
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}

/** One of Chromium's processes. */
interface ChromiumProcess {
  /** `renderer`: the page with all its workers; `GPU`: graphics; `browser`: the browser's own, which has the files. */
  readonly type: string;
  readonly pid: number;
  /** Processor time of all its threads since its start. */
  readonly cpuMs: number;
}

/** Bytes of a process, as counted by Linux. */
export interface ProcessMemory {
  /** Resident now, including code and files that are shared with other processes. */
  readonly resident: number;
  /** The most that was resident since its start or the last `resetPeaks`. */
  readonly peak: number;
  /** Resident without code and files: its own memory and shared memory. */
  readonly anonymous: number;
  /** Its own memory and its share of what it shares with other processes (proportional set size). */
  readonly proportional: number;
}

/** A second visit to the page: during the first one, the service worker holds what it fetches until it stops. */
export interface SecondVisit {
  readonly browser: Browser;
  readonly page: Page;
  close(): Promise<void>;
}

/**
 * Visits an address, and opens the browser again with the same profile on disk: without one, Chromium keeps the origin's
 * files in memory. The new page is still empty.
 *
 * @param folder of the profile
 */
export async function visitAgain(url: string, folder: string, args: readonly string[] = []): Promise<SecondVisit> {
  const open = async (): Promise<SecondVisit> => {
    const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
      executablePath: findChromium(),
      args: [...CHROMIUM_ARGS, ...args],
      viewport: { width: 1280, height: 900 },
    });
    const browser = context.browser();
    if (!browser) throw new Error('Playwright gives no browser for this persistent profile.');
    return { browser, page: context.pages()[0] ?? (await context.newPage()), close: () => context.close() };
  };
  const first = await open();
  try {
    await first.page.goto(url);
    await backendInUse(first.page, TIMEOUT_MS);
    await first.page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state);
  } finally {
    await first.close();
  }
  return await open();
}

/** The most that the page's process took of a kind, read twice a second. */
export class PagePeak {
  #peak = 0;
  readonly #sampler: NodeJS.Timeout;

  constructor(browser: Browser, kind: keyof ProcessMemory) {
    this.#sampler = setInterval(async () => {
      const memory = await largest(browser, 'renderer').catch(() => undefined);
      this.#peak = Math.max(this.#peak, memory?.[kind] ?? 0);
    }, 500);
  }

  /** Bytes since the last call. */
  take(): number {
    const peak = this.#peak;
    this.#peak = 0;
    return peak;
  }

  end(): void {
    clearInterval(this.#sampler);
  }
}

/** Chromium's processes now. */
async function listProcesses(browser: Browser): Promise<readonly ChromiumProcess[]> {
  const session = await browser.newBrowserCDPSession();
  try {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    return processInfo.map(({ type, id, cpuTime }) => ({ type, pid: id, cpuMs: 1000 * cpuTime }));
  } finally {
    await session.detach();
  }
}

/** Processor time of all of Chromium's running processes, in milliseconds. */
export async function cpuMs(browser: Browser): Promise<number> {
  return (await listProcesses(browser)).reduce((sum, process) => sum + process.cpuMs, 0);
}

/** The memory of the largest process of a type; undefined without /proc (not Linux) or without such a process. */
export async function largest(browser: Browser, type: string): Promise<ProcessMemory | undefined> {
  const found: ProcessMemory[] = [];
  for (const process of await listProcesses(browser)) {
    const memory = process.type === type ? await readMemory(process.pid) : undefined;
    if (memory) found.push(memory);
  }
  return found.sort((a, b) => b.peak - a.peak)[0];
}

/** Resets the peaks of all processes. Does nothing outside Linux. */
export async function resetPeaks(browser: Browser): Promise<void> {
  for (const { pid } of await listProcesses(browser)) {
    // proc(5): 5 resets the peak resident set size.
    await writeFile(`/proc/${pid}/clear_refs`, '5').catch(() => {});
  }
}

async function readMemory(pid: number): Promise<ProcessMemory | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => undefined);
  if (status === undefined) return undefined;
  const bytes = (field: string): number =>
    1024 * Number(new RegExp(`^${field}:\\s*(\\d+) kB`, 'm').exec(status)?.[1] ?? 0);
  const shares = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const proportional = 1024 * Number(/^Pss:\s*(\d+) kB/m.exec(shares)?.[1] ?? 0);
  const [anonymous, shared] = [bytes('RssAnon'), bytes('RssShmem')];
  return { resident: bytes('VmRSS'), peak: bytes('VmHWM'), anonymous: anonymous + shared, proportional };
}

/**
 * Repeats the demo song up to a length: an MP3 where ffmpeg is installed, else a WAV file.
 *
 * @returns the file's path in `folder`, another one for each length
 */
export async function makeLongSong(seconds: number, folder: string): Promise<string> {
  const mp3 = join(folder, `long-${seconds}.mp3`);
  try {
    const input = ['-stream_loop', '-1', '-i', DEMO, '-t', String(seconds), '-vn', '-ac', '2', '-b:a', '192k'];
    await promisify(execFile)('ffmpeg', ['-loglevel', 'error', '-y', ...input, mp3]);
    return mp3;
  } catch {
    const wav = join(folder, `long-${seconds}.wav`);
    await writeFile(wav, await longWav(seconds));
    return wav;
  }
}

async function longWav(seconds: number): Promise<Uint8Array[]> {
  const song = await readSong(DEMO);
  const length = Math.round(seconds * song.sampleRate);
  const channels = song.channels.map((channel) => {
    const long = new Float32Array(length);
    for (let at = 0; at < length; at += sampleCount(song)) long.set(channel.subarray(0, length - at), at);
    return long;
  });
  return encodeWav({ sampleRate: song.sampleRate, channels }, '16');
}

/** Waits until the page says which backend separates; gives its name. */
export async function backendInUse(page: Page, timeout: number): Promise<string> {
  const status = page.locator('[data-backend]');
  await status.waitFor({ state: 'attached', timeout });
  return (await status.getAttribute('data-backend')) ?? '';
}

/** @throws Error with the page's own words where it shows an error */
export async function throwShownError(page: Page): Promise<void> {
  const error = page.locator('.notice.error');
  if ((await error.count()) > 0) throw new Error(`The page says: ${await error.first().textContent()}`);
}
