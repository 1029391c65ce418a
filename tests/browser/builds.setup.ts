import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of what the browser tests build once and share, see builds.ts. */
    builds: string;
  }
}

/** Makes room for the builds of one run of the tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'unsung-builds-'));
  const clear = () => rm(folder, { recursive: true, force: true });
  // While watching, sources have changed.
  project.onTestsRerun(clear);
  project.provide('builds', folder);
  return clear;
}
