import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** As `npm run build` and `npm run build:lib` do, without types. */
export async function build(config: string, folder: string): Promise<void> {
  // In a process of its own: the tests' NODE_ENV makes another build than a person's.
  const args = ['node_modules/vite/bin/vite.js', 'build', '--config', config, '--outDir', folder];
  const env = { ...process.env, NODE_ENV: 'production' };
  await promisify(execFile)(process.execPath, [...args, '--emptyOutDir', '--logLevel', 'error'], { env });
}
