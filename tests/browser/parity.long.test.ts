import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build, type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sdr } from '../../src/metrics/sdr.ts';
import { PARITY_CASES, type ParityCase, PLAIN, readParity, stemOf } from '../fixtures/parity/index.ts';
import { launchChromium, SOFTWARE_GRAPHICS } from './chromium.ts';
import type { Flags, ParityPage } from './pages/parity-page.ts';

declare const window: { readonly page: ParityPage };

const PAGE = 'tests/browser/pages/parity.html';
/** WebGL without a graphics processor, on a machine that is busy, needs minutes. */
const PATIENCE_MS = 600_000;

let folder: string;
let site: PreviewServer;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unsung-parity-'));
  const rolldownOptions = { input: [join(process.cwd(), PAGE)] };
  await build({ logLevel: 'error', build: { outDir: folder, emptyOutDir: true, rolldownOptions } });
  site = await preview({ logLevel: 'error', build: { outDir: folder }, preview: { port: 0 } });
  browser = await launchChromium(SOFTWARE_GRAPHICS);
  page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(`${site.resolvedUrls?.local[0]}${PAGE}`);
  await page.waitForFunction(() => 'page' in window);
}, PATIENCE_MS);

afterAll(async () => {
  await browser?.close();
  await site?.close();
  await rm(folder, { recursive: true, force: true });
});

/** What is given to the page, and how its vocals compare with what PyTorch makes of it, in dB. */
async function asked(known: Omit<ParityCase, 'name'>) {
  const { sampleRate, mixture, stem, excerptsOf } = await readParity(known.model);
  const sound = mixture.map((channel) => Array.from(channel));
  const url = `${site.resolvedUrls?.local[0]}models/${known.model}/`;
  const vocals = await stem(stemOf(known));
  return {
    order: [url, sampleRate, sound, { ...PLAIN, quality: known.quality }] as const,
    sdrOf: (result: readonly (readonly number[])[]) => sdr(vocals, excerptsOf(samples(result))),
  };
}

const samples = (channels: readonly (readonly number[])[]) => channels.map((channel) => Float32Array.from(channel));

describe('the shipped models on WebGL', () => {
  test.each(PARITY_CASES)(
    '$name gives the vocals that PyTorch gives with the same weights, to 60 dB',
    async (known) => {
      const { order, sdrOf } = await asked(known);
      const result = await page.evaluate(
        ([url, rate, sound, options]) => window.page.vocals(url, 'webgl', rate, sound, options),
        order,
      );
      expect(result.backend).toBe('webgl');
      expect(sdrOf(result.vocals)).toBeGreaterThan(60);
    },
    PATIENCE_MS,
  );

  test(
    'loses nothing where the graphics card is taken away in the middle of a patch: wasm goes on',
    async () => {
      const { order, sdrOf } = await asked({ model: 'paper' });
      const result = await page.evaluate(
        ([url, rate, sound, options]) => window.page.vocalsWithoutCard(url, rate, sound, options),
        order,
      );
      expect(result.notes).toEqual([expect.stringMatching(/continues with “wasm”/)]);
      expect(result.backend).toBe('wasm');
      expect(sdrOf(result.vocals)).toBeGreaterThan(60);
    },
    PATIENCE_MS,
  );
});

/** The limits of weak graphics cards, as flags of TF.js, and how a song ends there. */
const LIMITS: readonly { what: string; flags: Flags; end: object; decibels: number }[] = [
  {
    what: 'computes with half the precision',
    flags: { WEBGL_RENDER_FLOAT32_ENABLED: false },
    end: { backend: 'webgl', batchSize: 4, notes: [] },
    decibels: 50,
  },
  {
    what: 'has textures too small for four patches at a time',
    flags: { WEBGL_MAX_TEXTURE_SIZE: 2048 },
    end: { backend: 'webgl', batchSize: 2, notes: [] },
    decibels: 60,
  },
  {
    // TF.js asks for larger textures than there are, and goes on with what the driver refused.
    what: 'has no memory for a texture, and says so only when it is asked',
    flags: { WEBGL_MAX_TEXTURE_SIZE: 65_536 },
    end: { backend: 'wasm', batchSize: 1, notes: [expect.stringMatching(/continues with “wasm”/)] },
    decibels: 60,
  },
];

describe('WebGL on a weak graphics card', () => {
  test.each(LIMITS)(
    'that $what gives the vocals that PyTorch gives',
    async ({ flags, end, decibels }) => {
      const { order, sdrOf } = await asked({ model: 'paper' });
      const { vocals, ...result } = await page.evaluate(
        ([limits, url, rate, sound, options]) => window.page.vocalsWithLimits(limits, url, rate, sound, options),
        [flags, ...order] as const,
      );
      expect(result).toEqual(end);
      expect(sdrOf(vocals)).toBeGreaterThan(decibels);
    },
    PATIENCE_MS,
  );
});

describe('the shipped models on WebGPU', () => {
  // In software a song takes too long: one network on one patch.
  test.each(['paper', 'spleeter'])(
    '%s gives its known values',
    async (model) => {
      const url = `${site.resolvedUrls?.local[0]}models/${model}/`;
      const report = await page.evaluate((address) => window.page.probe(address, 'webgpu'), url);
      expect(report).toMatchObject({ name: 'webgpu', ok: true });
      expect(report.maxError).toBeLessThan(1e-4);
    },
    PATIENCE_MS,
  );
});
