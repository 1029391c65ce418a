import { loadavg } from 'node:os';
import type { Browser, Page } from 'playwright-core';
import type { Quality } from '../../src/model/manifest.ts';
import { launchChromium } from '../../tests/browser/chromium.ts';
import { cpuMs, largest } from '../lib/built-page.ts';
import type { BenchPage, BenchSettings } from './page/page.ts';
import { type BackendResult, bestDuration, type Duration, type Failure } from './results.ts';
import type { SongSource } from './song.ts';

declare const window: { readonly page: BenchPage };

interface ChromiumJob {
  readonly backend: string;
  readonly modelId: string;
  readonly quality?: Quality;
  readonly source: SongSource;
  readonly repeats: number;
}

/**
 * Measures one backend in browsers of its own, so that the peak memory is that of its separation.
 *
 * @param address of the built page (`withBuiltPage`), ending in a slash
 */
export async function measureInChromium(address: string, job: ChromiumJob): Promise<BackendResult | Failure> {
  const { backend, quality, source, repeats } = job;
  const modelUrl = `../../../models/${job.modelId}/`;
  try {
    // The stages come first: they decide how much of the song is measured.
    const stages = await withPage(address, backend, async (page) => {
      const decode = await openSong(page, source, repeats);
      const measured = await page.evaluate((settings) => window.page.stages(settings), {
        modelUrl,
        backend,
        quality,
        repeats,
      });
      return { ...measured, decode };
    });
    const whole = await withPage(address, backend, async (page, browser) => {
      await openSong(page, source, 1);
      return await measurePage(page, browser, { modelUrl, backend, quality }, stages);
    });
    return { place: 'Chromium', backend, ...stages, ...whole, load: loadavg()[0] };
  } catch (error) {
    return { place: 'Chromium', backend, failed: error instanceof Error ? error.message : String(error) };
  }
}

/** On Linux Chromium has WebGPU with these only, on a graphics card as in software. */
const WEBGPU = ['--enable-unsafe-webgpu', '--enable-features=Vulkan'];

/** Opens the benchmark's page in a new browser, and closes the browser afterwards. */
async function withPage<T>(
  address: string,
  backend: string,
  use: (page: Page, browser: Browser) => Promise<T>,
): Promise<T> {
  const browser = await launchChromium(backend === 'webgpu' ? WEBGPU : []);
  try {
    const page = await browser.newPage();
    await page.goto(`${address}bench/stages/page/`);
    await page.waitForFunction(() => 'page' in window);
    return await use(page, browser);
  } finally {
    await browser.close();
  }
}

/** Separates as the real page does. */
async function measurePage(
  page: Page,
  browser: Browser,
  settings: BenchSettings,
  { passes, seconds }: Pick<BackendResult, 'passes' | 'seconds'>,
): Promise<Pick<BackendResult, 'page' | 'memory'>> {
  const decoded = await memoryOf(browser, 'song decoded');
  const inUse = await page.evaluate((given) => window.page.prepare(given), settings);
  if (inUse !== settings.backend) throw new Error(`The page uses ${inUse} instead.`);
  const durations: Duration[] = [];
  for (let n = 0; n < passes; n++) {
    const before = await cpuMs(browser);
    const wallMs = await page.evaluate((length) => window.page.separate(length), seconds);
    durations.push({ wallMs, cpuMs: (await cpuMs(browser)) - before });
  }
  return { page: bestDuration(durations), memory: { ...decoded, ...(await memoryOf(browser, 'song separated')) } };
}

async function openSong(page: Page, source: SongSource, repeats: number): Promise<Duration | undefined> {
  if ('seconds' in source) {
    await page.evaluate((seconds) => window.page.makeUp(seconds), source.seconds);
    return undefined;
  }
  await page.setInputFiles('input', source.file);
  return { wallMs: await page.evaluate((times) => window.page.decodeChosen(times), repeats) };
}

/** Peaks of the page's process and of the graphics process, in MB (10⁶ bytes). */
async function memoryOf(browser: Browser, when: string): Promise<Record<string, number>> {
  const memory: Record<string, number> = {};
  for (const [type, name] of [
    ['renderer', 'page’s'],
    ['GPU', 'graphics’'],
  ]) {
    const found = await largest(browser, type);
    if (found) memory[`${name} peak, ${when}`] = Math.round(found.peak / 1e6);
  }
  return memory;
}
