import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { Browser, Page, Worker } from 'playwright-core';
import { clock } from '../tools/lib/progress.ts';
import {
  backendInUse,
  largest,
  makeLongSong,
  PagePeak,
  type ProcessMemory,
  resetPeaks,
  throwShownError,
  visitAgain,
} from './lib/built-page.ts';
import { loads, megabytes, table } from './lib/command.ts';

/** TensorFlow.js's own figures. */
interface TensorMemory {
  readonly numTensors: number;
  readonly numBytes: number;
  /** Textures in use; webgl only. */
  readonly numBytesInGPU?: number;
}

/** The memory at one moment. Peaks are since the moment before. */
interface Moment {
  readonly when: string;
  /** The page with all its workers; undefined without /proc. */
  readonly page?: ProcessMemory;
  /** The most that it took with its share of the browser's code, since the moment before. */
  readonly pageShare: number;
  /** The graphics process. */
  readonly graphics?: ProcessMemory;
  readonly tensors?: TensorMemory;
  /** Bytes of the scripts of the page and its workers, array buffers included, where the browser tells it. */
  readonly scriptBytes?: number;
  /** Seconds from choosing the file to the last sample. */
  readonly seconds?: number;
}

export interface MemoryReport {
  readonly date: string;
  readonly song: { readonly name: string; readonly seconds?: number };
  readonly backend: string;
  readonly moments: readonly Moment[];
}

const TEN_MINUTES = 600;
/** Software graphics need more than a minute for ten minutes of song; a busy machine needs many times as long. */
const TIMEOUT_MS = 3_600_000;

const ARGS = ['--js-flags=--expose-gc', '--enable-blink-features=ForceEagerMeasureMemory'];

interface MemoryFlags {
  readonly song?: string;
  readonly seconds?: number;
  /** How many songs, where none is given. */
  readonly songs: number;
  readonly backend?: string;
  readonly model?: string;
}

/** Opens long songs, or the one that is given, one after the other on the page in Chromium, as a person does. */
export async function measureMemory(address: string, flags: MemoryFlags): Promise<MemoryReport> {
  const folder = await mkdtemp(join(tmpdir(), 'unsung-bench-song-'));
  const { backend: wanted, model } = flags;
  const url = `${address}?${new URLSearchParams({ ...(wanted && { backend: wanted }), ...(model && { model }) })}`;
  const { browser, page, close } = await visitAgain(url, folder, ARGS);
  const share = new PagePeak(browser, 'proportional');
  try {
    const seconds = flags.song === undefined ? (flags.seconds ?? TEN_MINUTES) : undefined;
    const files =
      seconds === undefined
        ? [resolve(flags.song ?? '')]
        : // Each file is a second longer: the page opens the same file from its archive.
          await Promise.all(Array.from({ length: flags.songs }, (_, n) => makeLongSong(seconds + n, folder)));
    await page.goto(url);
    const backend = await backendInUse(page, TIMEOUT_MS);
    const read = (when: string) => readMoment(browser, page, share, when);
    const moments = [await read('page open, network ready')];
    for (const [n, file] of files.entries()) {
      const took = await separate(page, file);
      moments.push({ ...(await read(`song ${n + 1} separated`)), seconds: took });
      await collectGarbage(page);
      moments.push(await read('after garbage collection'));
    }
    return {
      date: new Date().toISOString(),
      song: { name: files.map((file) => basename(file)).join(', '), seconds },
      backend,
      moments,
    };
  } finally {
    share.end();
    await close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Chooses the file and waits until the page says that it is done. Gives seconds. */
async function separate(page: Page, file: string): Promise<number> {
  const start = performance.now();
  const done = page.locator('.progress[data-kind="done"]');
  const wasDone = (await done.count()) > 0;
  await page.setInputFiles('input[type=file]', file);
  // The message about the song before goes first.
  if (wasDone) await done.waitFor({ state: 'detached', timeout: TIMEOUT_MS });
  const outcome = done.or(page.locator('.notice.error')).first();
  await outcome.waitFor({ state: 'attached', timeout: TIMEOUT_MS });
  await throwShownError(page);
  return (performance.now() - start) / 1000;
}

async function readMoment(browser: Browser, page: Page, share: PagePeak, when: string): Promise<Moment> {
  const moment: Moment = {
    when,
    page: await largest(browser, 'renderer'),
    pageShare: share.take(),
    graphics: await largest(browser, 'GPU'),
    tensors: await tensorMemory(page),
    scriptBytes: await scriptBytes(page),
  };
  await resetPeaks(browser);
  return moment;
}

/** Globals of the page and its workers, where the functions below run. */
declare const gc: (() => void) | undefined;
/** TF.js keeps its engine here: tfjs-core/src/engine.ts, getOrMakeEngine. */
declare const _tfengine: { memory(): TensorMemory } | undefined;

/** The workers that answer: TF.js's own threads, which start from blob addresses, never do. */
function ownWorkers(page: Page): Worker[] {
  return page.workers().filter((worker) => !worker.url().startsWith('blob:'));
}

/** Collects the garbage of the page and its workers. Needs Chromium with --js-flags=--expose-gc. */
async function collectGarbage(page: Page): Promise<void> {
  // Twice: the second round frees what the first one finalised.
  for (let round = 0; round < 2; round++) {
    await page.evaluate(() => gc?.());
    for (const worker of ownWorkers(page)) await worker.evaluate(() => gc?.());
    await page.waitForTimeout(500);
  }
}

/** The tensors of the worker that runs TensorFlow.js. */
async function tensorMemory(page: Page): Promise<TensorMemory | undefined> {
  for (const worker of ownWorkers(page)) {
    const memory = await worker.evaluate(() => (typeof _tfengine === 'undefined' ? undefined : _tfengine.memory()));
    if (memory) return memory;
  }
  return undefined;
}

/** Bytes of the scripts of the page and its workers: https://wicg.github.io/performance-measure-memory/ */
async function scriptBytes(page: Page): Promise<number | undefined> {
  return page.evaluate(async () => {
    const measuring = performance as unknown as {
      measureUserAgentSpecificMemory?: () => Promise<{ readonly bytes: number }>;
    };
    return (await measuring.measureUserAgentSpecificMemory?.())?.bytes;
  });
}

/** The report as a table. */
export function memoryText({ song, backend, moments }: MemoryReport): string {
  const length = song.seconds === undefined ? '' : ` of ${clock(song.seconds)}`;
  return [
    `Memory of the page in Chromium, ${backend}, song after song${length} (${song.name}), load average ${loads()}`,
    'In MB (10⁶ bytes). Page: its process, all workers included; peaks since the line above; share: with its share of the',
    'browser’s code (proportional set size, twice a second); own: without code and files.',
    table(
      [
        '',
        'time, s',
        'page’s peak',
        'its share',
        'now',
        'own',
        'graphics’ peak',
        'scripts',
        'tensors',
        'in tensors',
        'in GPU',
      ],
      moments.map(({ when, seconds, page, pageShare, graphics, scriptBytes: scripts, tensors }) => [
        when,
        seconds?.toFixed(1) ?? '',
        ...[page?.peak, pageShare, page?.resident, page?.anonymous, graphics?.peak, scripts].map(megabytes),
        tensors?.numTensors.toString() ?? '',
        megabytes(tensors?.numBytes),
        megabytes(tensors?.numBytesInGPU),
      ]),
    ),
  ].join('\n');
}
