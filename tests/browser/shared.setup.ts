import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { preview } from 'vite';
import type { TestProject } from 'vitest/node';
import { build } from './build.ts';
import { CHROMIUM_ARGS, findChromium } from './chromium.ts';

/** What all browser tests of one run use together. */
export interface Shared {
  /** Folder of the built page: to be read only. */
  readonly page: string;
  /** Address where the built page is served, ending in “/”. */
  readonly address: string;
  /** Folder of the built package: to be read only. */
  readonly package: string;
  /** WebSocket of the one Chromium. */
  readonly chromium: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    shared: Shared;
  }
}

/** Builds the page and the package, serves the page, and starts Chromium, once for a run of the tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'unsung-builds-'));
  const [page, packaged] = [join(folder, 'page'), join(folder, 'package')];
  const builds = async () => {
    await build('vite.config.ts', page);
    await build('vite.lib.config.ts', packaged);
  };
  await builds();
  // While watching, sources have changed.
  project.onTestsRerun(builds);
  const site = await preview({ logLevel: 'error', build: { outDir: page }, preview: { port: 0 } });
  const browser = await chromium.launchServer({ executablePath: findChromium(), args: [...CHROMIUM_ARGS] });
  const address = site.resolvedUrls?.local[0] ?? '';
  project.provide('shared', { page, address, package: packaged, chromium: browser.wsEndpoint() });
  return async () => {
    await browser.close();
    await site.close();
    await rm(folder, { recursive: true, force: true });
  };
}
