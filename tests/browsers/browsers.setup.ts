import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { preview } from 'vite';
import type { TestProject } from 'vitest/node';
import { build } from '../browser/build.ts';
import { startNullSink } from './null-sink.ts';

/** What the walks in all browsers use together. */
export interface BuiltSite {
  /** Folder of the built page: to be read only. */
  readonly page: string;
  /** Address where it is served as `npm start` does, ending in “/”. */
  readonly address: string;
  /** Environment in which a browser plays into the null sink. */
  readonly sound: Readonly<Record<string, string>>;
}

declare module 'vitest' {
  interface ProvidedContext {
    builtSite: BuiltSite;
  }
}

/** Builds the page, serves it, and starts the sink that the browsers play into, once for a run of the tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'unsung-browsers-'));
  const page = join(folder, 'page');
  const buildPage = () => build('vite.config.ts', page);
  await buildPage();
  // While watching, sources have changed.
  project.onTestsRerun(buildPage);
  const site = await preview({ logLevel: 'error', build: { outDir: page }, preview: { port: 0 } });
  const sink = await startNullSink(folder);
  project.provide('builtSite', { page, address: site.resolvedUrls?.local[0] ?? '', sound: sink.environment });
  return async () => {
    await sink.close();
    await site.close();
    await rm(folder, { recursive: true, force: true });
  };
}
