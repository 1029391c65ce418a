import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';

/** The scripts in a folder that import the script of a worker. */
async function importersOfWorkers(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.js'));
  expect(names.some((name) => /\.worker-[\w-]+\.js$/.test(name))).toBe(true);
  const importers: string[] = [];
  for (const name of names) {
    const text = await readFile(join(folder, name), 'utf8');
    if (/(?:\bfrom|\bimport)\s*\(?["'`]\.\/[\w.-]+\.worker-[\w-]+\.js["'`]/.test(text)) importers.push(name);
  }
  return importers;
}

// WebKit runs a worker's script again where a chunk imports it.
test.each(['page', 'package'] as const)('no chunk of the %s imports the script of a worker', async (build) => {
  expect(await importersOfWorkers(join(inject('shared')[build], 'assets'))).toEqual([]);
});
