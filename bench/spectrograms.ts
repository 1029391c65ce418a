import type { CDPSession, Page } from 'playwright-core';
import { launchChromium } from '../tests/browser/chromium.ts';
import { withBuiltPage } from './lib/built-page.ts';
import { quantile, runBenchmark } from './lib/command.ts';

/** How smoothly the page moves during one activity. Times are milliseconds. */
interface FrameFigures {
  readonly what: string;
  /** Frames a second. */
  readonly rate: number;
  /** Times between frames: the median, and the 95th percentile. */
  readonly interval: { readonly median: number; readonly late: number };
  /** Processor time of the page's thread, mean of a frame: all of it, scripts, and style with layout. */
  readonly work: { readonly all: number; readonly script: number; readonly layout: number };
}

/** State on the page while it is measured. */
interface Frames {
  readonly frameTimes: number[];
  frameRequest: number;
}

/** A string, because tsx would insert a helper into a function that the page does not have. */
const WATCH_FRAMES = `
  window.frameTimes = [];
  window.onFrame = (time) => {
    window.frameTimes.push(time);
    performance.mark('unsung-frame');
    window.frameRequest = requestAnimationFrame(window.onFrame);
  };
  window.frameRequest = requestAnimationFrame(window.onFrame);
`;

const SECONDS = 6;
const TIMEOUT_MS = 600_000;

/** Measures how smoothly spectrograms and waveforms move on the page with the demo song: `npm run bench:spectrograms`. */
async function measureFrames(address: string): Promise<readonly FrameFigures[]> {
  const browser = await launchChromium(['--enable-gpu-rasterization']);
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const session = await page.context().newCDPSession(page);
    // The thread's own processor time: other programs do not count.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    await page.goto(`${address}?backend=wasm`);
    await page.locator('#demo').click();
    await page.waitForSelector('.progress[data-kind="done"]', { timeout: TIMEOUT_MS });
    await page.locator('.picture').first().scrollIntoViewIfNeeded();
    await page.waitForSelector('[data-spectrogram="difference"][data-complete="true"]');
    const figures: FrameFigures[] = [];
    for (const [what, presses] of [
      ['playing, whole song', 0],
      ['playing, 8.5 s on the screen', 4],
      ['playing, 1 s on the screen', 5],
    ] as const) {
      for (let n = 0; n < presses; n++) await page.locator('body').press('+');
      await page.waitForTimeout(500);
      figures.push(await whilePlaying(session, page, what));
    }
    await page.locator('body').press('0');
    figures.push(await measured(session, page, 'zooming in and out', () => zoomUpAndDown(page)));
    return figures;
  } finally {
    await browser.close();
  }
}

async function whilePlaying(session: CDPSession, page: Page, what: string): Promise<FrameFigures> {
  await page.locator('body').press('Home');
  await page.locator('#play').click();
  await page.waitForFunction(() => (document.querySelector('#position') as HTMLInputElement).valueAsNumber > 2);
  try {
    return await measured(session, page, what, () => page.waitForTimeout(SECONDS * 1000));
  } finally {
    await page.locator('#play').click();
  }
}

async function zoomUpAndDown(page: Page): Promise<void> {
  for (let round = 0; round < 3; round++) {
    for (const key of ['+', '-']) {
      for (let n = 0; n < 8; n++) {
        await page.locator('body').press(key);
        await page.waitForTimeout(120);
      }
    }
  }
}

async function measured(
  session: CDPSession,
  page: Page,
  what: string,
  action: () => Promise<void>,
): Promise<FrameFigures> {
  const before = await workOf(session);
  await page.evaluate(WATCH_FRAMES);
  await action();
  const times = await page.evaluate(() => {
    const state = window as unknown as Frames;
    cancelAnimationFrame(state.frameRequest);
    return state.frameTimes;
  });
  const after = await workOf(session);
  const intervals = times.slice(1).map((time, n) => time - times[n]);
  return {
    what,
    rate: (1000 * intervals.length) / ((times.at(-1) ?? 0) - times[0]),
    interval: { median: quantile(intervals, 0.5), late: quantile(intervals, 0.95) },
    work: {
      all: (after.all - before.all) / intervals.length,
      script: (after.script - before.script) / intervals.length,
      layout: (after.layout - before.layout) / intervals.length,
    },
  };
}

/** Milliseconds that the page's thread has worked so far. */
async function workOf(session: CDPSession): Promise<FrameFigures['work']> {
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (name: string) => 1000 * (metrics.find((metric) => metric.name === name)?.value ?? Number.NaN);
  return {
    all: of('TaskDuration'),
    script: of('ScriptDuration'),
    layout: of('LayoutDuration') + of('RecalcStyleDuration'),
  };
}

function framesTable(figures: readonly FrameFigures[]): string {
  const ms = (value: number) => value.toFixed(1);
  return [
    '| | frames a second | from one to the next, ms: median, 95 % | the page’s thread’s work for one, ms: all, scripts, style and layout |',
    '|---|---|---|---|',
    ...figures.map(
      ({ what, rate, interval, work }) =>
        `| ${what} | ${ms(rate)} | ${ms(interval.median)}, ${ms(interval.late)} | ` +
        `**${ms(work.all)}**, ${ms(work.script)}, ${ms(work.layout)} |`,
    ),
  ].join('\n');
}

await runBenchmark(async () => {
  const figures = await withBuiltPage(measureFrames);
  console.log(framesTable(figures));
  return figures;
});
