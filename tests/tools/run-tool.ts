import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { decoderBesideBundle } from '../../tools/lib/vite-decoder.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Run {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** A command line of tools/, compiled once: tsx would compile it again for each run. */
export interface Tool {
  /** Runs it as a person does, without a terminal. */
  run(...args: readonly string[]): Promise<Run>;
  dispose(): Promise<void>;
}

/** @param name its file in tools/, without “.ts” */
export async function compileTool(name: string): Promise<Tool> {
  // As deep in the repository as tools/lib, so that it finds models/ and node_modules/.
  await mkdir(join(ROOT, 'out'), { recursive: true });
  const folder = await mkdtemp(join(ROOT, 'out', `${name}-`));
  await build({
    configFile: false,
    root: ROOT,
    publicDir: false,
    logLevel: 'error',
    plugins: [decoderBesideBundle()],
    build: {
      ssr: join('tools', `${name}.ts`),
      ssrEmitAssets: true,
      outDir: folder,
      target: 'node20',
      rolldownOptions: { output: { chunkFileNames: '[name].js' } },
    },
  });
  return {
    run: (...args) => runNode([join(folder, `${name}.js`), ...args]),
    dispose: () => rm(folder, { recursive: true }),
  };
}

function runNode(args: readonly string[]): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: ROOT });
    let out = '';
    let err = '';
    child.stdout.on('data', (data) => {
      out += data;
    });
    child.stderr.on('data', (data) => {
      err += data;
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, out, err }));
  });
}
