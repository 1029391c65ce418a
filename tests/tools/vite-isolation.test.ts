import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, preview } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isolation } from '../../tools/lib/vite-isolation.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unsung-isolation-'));
  await writeFile(join(folder, 'a.js'), 'postMessage(1);');
});

afterAll(() => rm(folder, { recursive: true }));

const common = () => ({ configFile: false as const, root: folder, logLevel: 'error' as const, plugins: [isolation()] });

describe.each([
  ['vite preview', () => preview({ ...common(), build: { outDir: folder }, preview: { port: 0 } })],
  ['vite', async () => (await createServer({ ...common(), server: { port: 0, watch: null, ws: false } })).listen()],
])('%s', (_, start) => {
  test('isolates what it sends, and what the browser has already', async () => {
    const server = await start();
    try {
      const script = `${server.resolvedUrls?.local[0]}a.js`;
      const first = await fetch(script);
      const again = await fetch(script, { headers: { 'If-None-Match': first.headers.get('etag') ?? '' } });
      expect([first.status, again.status]).toEqual([200, 304]);
      for (const { headers } of [first, again]) {
        expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
        expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
      }
    } finally {
      await server.close();
    }
  });
});
