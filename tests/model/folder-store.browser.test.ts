import { afterEach, describe, expect, test, vi } from 'vitest';
import { browserFolderStore, isFull } from '../../src/model/folder-store.browser.ts';

/** The part of the Cache API that is used, in memory; `put` may be made to fail. */
function fakeCaches(put?: () => never) {
  const entries = new Map<string, ArrayBuffer>();
  const cache = {
    keys: async () => [...entries.keys()].map((url) => ({ url })),
    match: async (url: string) => (entries.has(url) ? new Response(entries.get(url)) : undefined),
    put: async (url: string, response: Response) => {
      put?.();
      entries.set(url, await response.arrayBuffer());
    },
    delete: async (url: string) => entries.delete(url),
  };
  return { open: async () => cache };
}

const forbidden = {
  storage: {
    getDirectory: async () => {
      throw new DOMException('Not here.', 'SecurityError');
    },
  },
};

function full(): never {
  throw new DOMException('Full.', 'QuotaExceededError');
}

describe('browserFolderStore, where there is no private file system', () => {
  afterEach(() => vi.unstubAllGlobals());

  test('keeps files in the Cache API: folders, paths with slashes and all', async () => {
    vi.stubGlobal('navigator', forbidden);
    vi.stubGlobal('location', { origin: 'https://unsung.example' });
    vi.stubGlobal('caches', fakeCaches());
    const store = (await browserFolderStore())!;
    expect(store.lasts).toBe('browser');
    expect(await store.folders()).toEqual([]);
    await store.write('a', 'weights/x 1.bin', new Uint8Array([1, 2, 3]));
    await store.write('a', 'manifest.json', new Uint8Array([4]));
    await store.write('b', 'manifest.json', new Uint8Array([5]));
    expect(await store.folders()).toEqual(['a', 'b']);
    expect(await store.sizes('a')).toEqual(
      new Map([
        ['weights/x 1.bin', 3],
        ['manifest.json', 1],
      ]),
    );
    expect(await store.read('a', 'weights/x 1.bin')).toEqual(new Uint8Array([1, 2, 3]));
    expect(await store.read('a', 'nothing')).toBeUndefined();
    await store.remove('a');
    expect(await store.folders()).toEqual(['b']);
    expect(await store.sizes('a')).toEqual(new Map());
  });

  test('is used when it is full, too: what is kept can be read', async () => {
    vi.stubGlobal('navigator', forbidden);
    vi.stubGlobal('location', { origin: 'https://unsung.example' });
    vi.stubGlobal('caches', fakeCaches(full));
    const store = (await browserFolderStore())!;
    expect(await store.folders()).toEqual([]);
    const error = await store.write('a', 'b', new Uint8Array(1)).catch((caught: unknown) => caught);
    expect(isFull(error)).toBe(true);
  });

  test('is undefined where the Cache API is forbidden, too', async () => {
    vi.stubGlobal('navigator', forbidden);
    vi.stubGlobal('caches', undefined);
    expect(await browserFolderStore()).toBeUndefined();
  });
});
