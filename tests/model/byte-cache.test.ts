import { afterEach, describe, expect, it, vi } from 'vitest';
import { browserCache } from '../../src/model/byte-cache.ts';

const KEY = 'ab'.repeat(32);
const BYTES = new Uint8Array([1, 2, 3]);

/** The parts of CacheStorage that the cache uses. */
function stubCaches(cache: Partial<Cache>): void {
  vi.stubGlobal('location', { href: 'https://example.org/page/' });
  vi.stubGlobal('caches', { open: async () => cache });
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('browserCache', () => {
  it('returns stored bytes, and nothing after their deletion', async () => {
    const kept = new Map<string, Response>();
    stubCaches({
      match: async (key) => kept.get(String(key))?.clone(),
      put: async (key, response) => void kept.set(String(key), response),
      delete: async (key) => kept.delete(String(key)),
    });
    const cache = browserCache();
    await cache.put(KEY, BYTES);
    expect([...kept.keys()]).toEqual([`https://example.org/page/sha256/${KEY}`]);
    expect(await cache.get(KEY)).toEqual(BYTES);
    await cache.delete(KEY);
    expect(await cache.get(KEY)).toBeUndefined();
  });

  it('stores nothing, without an error, when the browser has no cache', async () => {
    const cache = browserCache();
    await cache.put(KEY, BYTES);
    await cache.delete(KEY);
    expect(await cache.get(KEY)).toBeUndefined();
  });

  it('does not fail when the disk is full or the cache is forbidden', async () => {
    const refuse = async () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    stubCaches({ match: refuse, put: refuse, delete: refuse });
    const cache = browserCache();
    await cache.put(KEY, BYTES);
    await cache.delete(KEY);
    expect(await cache.get(KEY)).toBeUndefined();
  });
});
