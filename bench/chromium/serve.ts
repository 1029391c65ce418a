import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Builds the real page and the benchmark's into a temporary folder, with the project's own settings, and serves them
 * with its headers while `use` runs.
 *
 * @param use receives the real page's address, with a slash at the end; the other one is `bench/page/` below it
 */
export async function withPages<T>(use: (address: string) => Promise<T>): Promise<T> {
  const outDir = await mkdtemp(join(tmpdir(), 'unsung-bench-'));
  try {
    await build({
      root: ROOT,
      logLevel: 'error',
      build: {
        outDir,
        emptyOutDir: true,
        rolldownOptions: { input: [join(ROOT, 'index.html'), join(ROOT, 'bench/page/index.html')] },
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
