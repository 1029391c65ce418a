import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { ModelManifest, Quality } from '../../src/model/manifest.ts';
import { warmUpCode } from '../../src/separation/warm-up-code.ts';

it.each<[string, Quality | undefined]>([
  ['spleeter', 'best'],
  ['spleeter', 'fast'],
  ['paper', undefined],
])('%s at quality %s: its code runs on silence', async (id, quality) => {
  const file = new URL(`../../models/${id}/manifest.json`, import.meta.url);
  const manifest = JSON.parse(await readFile(file, 'utf8')) as ModelManifest;
  await expect(warmUpCode(manifest, quality)).resolves.toBeUndefined();
});
