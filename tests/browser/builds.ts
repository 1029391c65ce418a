import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';

/**
 * The built page, as `npm run build` makes it. Built at the first call, for all tests of this run: to be read only.
 * @returns its folder
 */
export const builtPage = () => built('page', 'vite.config.ts');

/** The built package, as `npm run build:lib` makes it, without its types. See `builtPage`. */
export const builtPackage = () => built('package', 'vite.lib.config.ts');

async function built(what: string, config: string): Promise<string> {
  const folder = join(inject('builds'), what);
  if (existsSync(folder)) return folder;
  // In a process of its own: the tests' NODE_ENV makes another build than a person's. The browser tests run one after
  // another, so nobody else builds meanwhile; what breaks off halfway is not taken for a build.
  const args = ['node_modules/vite/bin/vite.js', 'build', '--config', config, '--outDir', `${folder}.part`];
  const env = { ...process.env, NODE_ENV: 'production' };
  await promisify(execFile)(process.execPath, [...args, '--emptyOutDir', '--logLevel', 'error'], { env });
  await rename(`${folder}.part`, folder);
  return folder;
}
