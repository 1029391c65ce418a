import { afterEach, describe, expect, test, vi } from 'vitest';
import { browserFolderStore, isFull } from '../../src/core/folder-store.browser.ts';

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

/** A private file system in memory, whose files, as the browsers' do, take no shared memory. */
function fakePrivateFiles() {
  const files = new Map<string, Uint8Array>();
  let largest = 0;
  const directory = (path: string): unknown => ({
    getDirectoryHandle: async (name: string) => directory(`${path}/${name}`),
    removeEntry: async (name: string) => {
      for (const file of files.keys()) if (file.startsWith(`${path}/${name}`)) files.delete(file);
    },
    getFileHandle: async (name: string) => ({
      getFile: async () => new Blob([files.get(`${path}/${name}`)?.slice() ?? new Uint8Array(0)]),
      createSyncAccessHandle: async () => {
        let content = files.get(`${path}/${name}`) ?? new Uint8Array(0);
        return {
          truncate: (size: number) => {
            content = content.slice(0, size);
          },
          write: (bytes: Uint8Array, { at }: { at: number }) => {
            if (!(bytes.buffer instanceof ArrayBuffer)) throw new TypeError('The memory is shared.');
            largest = Math.max(largest, bytes.length);
            const longer = new Uint8Array(Math.max(content.length, at + bytes.length));
            longer.set(content);
            longer.set(bytes, at);
            content = longer;
            return bytes.length;
          },
          flush: () => files.set(`${path}/${name}`, content),
          close: () => undefined,
        };
      },
    }),
  });
  return { navigator: { storage: { getDirectory: async () => directory('') } }, largest: () => largest };
}

describe('browserFolderStore', () => {
  afterEach(() => vi.unstubAllGlobals());

  test('writes shared memory a few megabytes at a time, also a part of it', async () => {
    const place = fakePrivateFiles();
    vi.stubGlobal('navigator', place.navigator);
    const store = (await browserFolderStore())!;
    const shared = new Uint8Array(new SharedArrayBuffer(9_000_001));
    for (let n = 0; n < shared.length; n++) shared[n] = (n * 7919) % 251;
    await store.write('song', 'vocals-0.f32', shared.subarray(1));
    const kept = await store.read('song', 'vocals-0.f32');
    expect(kept?.length).toBe(9_000_000);
    expect(Buffer.compare(kept!, Buffer.from(shared.subarray(1)))).toBe(0);
    expect(place.largest()).toBeLessThan(5_000_000);
  });
});

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
