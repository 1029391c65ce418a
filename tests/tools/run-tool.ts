import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { commandLine } from '../../tools/lib/vite-command-line.ts';

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
  /** Starts it, for a test that writes to it, or ends it. */
  start(args: readonly string[], env?: NodeJS.ProcessEnv): ChildProcessWithoutNullStreams;
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
    logLevel: 'error',
    ...commandLine(name, join('tools', `${name}.ts`), folder),
  });
  const start: Tool['start'] = (args, env = {}) =>
    spawn(process.execPath, [join(folder, `${name}.js`), ...args], { cwd: ROOT, env: { ...process.env, ...env } });
  return {
    run: (...args) => ended(start(args)),
    start,
    dispose: () => rm(folder, { recursive: true }),
  };
}

/** Waits for the end of a process and collects what it prints. */
export function ended(child: ChildProcessWithoutNullStreams): Promise<Run> {
  return new Promise((resolve, reject) => {
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
