import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuiltModel } from '../../src/model/import/types.ts';
import { parseManifest } from '../../src/model/manifest.ts';
import { convertFixture, type NetworkName } from './fixtures.ts';

/** The files of a small model, as conversion writes them. */
export async function builtFixture(name: NetworkName): Promise<BuiltModel> {
  const folder = await convertFixture(name);
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const path of await readdir(folder)) files.set(path, Uint8Array.from(await readFile(join(folder, path))));
  return { manifest: parseManifest(JSON.parse(new TextDecoder().decode(files.get('manifest.json'))), folder), files };
}
