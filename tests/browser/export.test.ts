import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { EXPORT_FORMATS } from '../../src/audio/encode/formats.ts';
import type { ExportPage, Saved, Wish } from './pages/export-page.ts';
import { type ServedPage, servePage } from './served-page.ts';

declare const window: { readonly page: ExportPage };

let served: ServedPage;
let page: Page;
let problems: readonly string[];

beforeAll(async () => {
  // Its own: all that the browser does is traced.
  served = await servePage('export.html', []);
  ({ page, problems } = served);
});

afterEach(() => expect(problems).toEqual([]));

afterAll(async () => {
  await served?.close();
});

/** What is read of Chromium's records; times in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  /** Of the processor. */
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

const saved = (wish: Wish): Promise<readonly Saved[]> => page.evaluate((w) => window.page.saved(w), wish);

/** Of all that the browser did while saving: the processor's time of each task, of the page's thread and of its workers. */
async function processorTimes(wish: Wish): Promise<{ readonly page: number[]; readonly workers: number[] }> {
  const browser = page.context().browser() as Browser;
  const categories = ['__metadata', 'blink.user_timing', 'disabled-by-default-devtools.timeline'];
  await browser.startTracing(page, { categories });
  let trace: Buffer;
  try {
    await page.evaluate((w) => window.page.marked(w), wish);
  } finally {
    // In any case: else it could not be begun again.
    trace = await browser.stopTracing();
  }
  const { traceEvents: events } = JSON.parse(String(trace)) as { readonly traceEvents: readonly TraceEvent[] };
  const [begin, end] = ['saving', 'saved'].map((mark) => events.find(({ name }) => name === mark) as TraceEvent);
  const tasks = (tid: number) =>
    events
      .filter((event) => event.name === 'RunTask' && event.pid === begin.pid && event.tid === tid)
      .filter(({ ts }) => ts >= begin.ts && ts <= end.ts)
      .map(({ tdur = 0 }) => tdur);
  const workers = events.filter(
    ({ name, pid, args }) => name === 'thread_name' && pid === begin.pid && /Worker/.test(args.name ?? ''),
  );
  return { page: tasks(begin.tid), workers: workers.flatMap(({ tid }) => tasks(tid)) };
}

/** Half a step of the integers, and a hair for what the decoder rounds. */
const STEP = { wav16: 0.51 / 32767, wav24: 0.51 / 8388607, wav32f: 0, flac: 0.51 / 8388607 } as const;

/** The demo song's own tags, with what the file is behind the title. */
function expectTagsAndName(file: Saved, label: string): void {
  expect(file.tags.title).toMatch(new RegExp(`^\\S.* \\(${label}\\)$`));
  expect(file.fileName).toMatch(new RegExp(`^Nobody - A song \\(${label}\\)\\.\\w+$`));
}

describe('saving in Chromium', () => {
  test.each(EXPORT_FORMATS)('%s is offered', async (format) => {
    expect(await page.evaluate((f) => window.page.unavailable(f), format)).toBe(null);
  });

  test.each(['wav16', 'wav24', 'wav32f', 'flac'] as const)('%s decodes to the stem’s samples', async (format) => {
    const [file] = await saved({ kind: 'accompaniment', format });
    expect(file.lengthError).toBe(0);
    // Chromium reads positive 16-bit values as if full scale were 32767: up to one step more.
    expect(file.largestDifference).toBeLessThanOrEqual(STEP[format] + (format === 'wav16' ? 1 / 32767 : 0));
    expect(file.gain).toBe(1);
    expectTagsAndName(file, 'Accompaniment');
  });

  test.each([
    ['mp3', 44100],
    ['m4a', 44100],
    ['opus', 48000],
  ] as const)('%s decodes in step with the stem, to the sample, and to its length', async (format, rate) => {
    const [file] = await saved({ kind: 'vocals', format });
    expect(file.sampleRate).toBe(rate);
    expect(file.lag).toBe(0);
    expect(file.correlation).toBeGreaterThan(0.99);
    expect(file.lengthError).toBe(0);
    expectTagsAndName(file, 'Vocals');
  });

  test('both stems are saved as one ZIP and add up to the song', async () => {
    const files = await saved({ kind: 'both', format: 'flac' });
    expect(files.map(({ fileName }) => fileName)).toEqual([
      'Nobody - A song (Vocals).flac',
      'Nobody - A song (Accompaniment).flac',
    ]);
    for (const file of files) expect(file.largestDifference).toBeLessThanOrEqual(STEP.flac);
  });

  test('the mix has the chosen levels, and contains a loop once', async () => {
    const mix = { levels: { vocals: 0.25, accompaniment: 0.5 }, loop: { start: 10_000, end: 124_101 } };
    const [file] = await saved({ kind: 'mix', format: 'wav32f', mix });
    expect(file.lengthError).toBe(0);
    expect(file.largestDifference).toBeLessThan(1e-6);
    expect(file.fileName).toBe('Nobody - A song (Mix, loop).wav');
  });

  test('speed and key are those of the player', async () => {
    const levels = { vocals: 0, accompaniment: 1 };
    const rateAndKey = { speed: 0.8, semitones: -2 };
    const [file] = await saved({ kind: 'mix', format: 'wav24', mix: { levels, rateAndKey } });
    const samples = 3 * 44100 + 123;
    expect(file.lengthError).toBe(Math.round(samples / 0.8) - samples);
    expect(file.peak).toBeGreaterThan(0.1);
    expect(file.fileName).toBe('Nobody - A song (Accompaniment, key -2, speed 80%).wav');
  });

  test('stems over full scale are made quieter by one gain, and unchanged in floating point', async () => {
    const gain = 6;
    const [vocals] = await saved({ kind: 'vocals', format: 'wav24', gain });
    const [accompaniment] = await saved({ kind: 'accompaniment', format: 'flac', gain });
    expect(vocals.gain).toBeLessThan(1);
    expect(accompaniment.gain).toBe(vocals.gain);
    expect(Math.max(vocals.peak, accompaniment.peak)).toBeGreaterThan(0.999);
    for (const file of [vocals, accompaniment]) expect(file.largestDifference).toBeLessThan(1e-6);
    const [float] = await saved({ kind: 'accompaniment', format: 'wav32f', gain });
    expect(float.peak).toBeGreaterThan(1);
    expect(float.largestDifference).toBeLessThan(1e-6);
  });

  test('a page without shared memory saves the same', async () => {
    const [file] = await saved({ kind: 'vocals', format: 'wav24', shared: false });
    expect(file.largestDifference).toBeLessThanOrEqual(STEP.wav24);
  });

  test('a file is written directly to disk, and to OPFS when it is large', async () => {
    const file = await page.evaluate((wish) => window.page.toFile(wish), { kind: 'vocals', format: 'mp3' } as const);
    expect([file.lag, file.lengthError]).toEqual([0, 0]);
    // 3.3 minutes, 70 MB: more than is made in memory.
    const [large] = await saved({ kind: 'vocals', format: 'wav32f', times: 66 });
    expect(large.lengthError).toBe(0);
    expect(large.largestDifference).toBe(0);
  });

  test('the page’s thread is not blocked', async () => {
    const times = await processorTimes({ kind: 'vocals', format: 'flac', times: 20 });
    // Against what the work itself takes: that is no bound on how fast the machine is, and how busy.
    expect(Math.max(...times.page)).toBeLessThan(times.workers.reduce((sum, time) => sum + time) / 10);
  });

  test('a cancelled save ends, and the next one starts', async () => {
    // 3.3 minutes: the worker is not done before the page has asked it to end.
    const wish = { kind: 'vocals', format: 'mp3', times: 66 } as const;
    expect(await page.evaluate((w) => window.page.cancelled(w), wish)).toBe('cancelled, then done');
  });
});
