/** Stores bytes between visits, by their SHA-256. No method throws: a cache that fails acts as an empty one. */
export interface ByteCache {
  get(sha256: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  put(sha256: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  delete(sha256: string): Promise<void>;
}

/** A cache that stores nothing. */
export const noCache: ByteCache = {
  get: async () => undefined,
  put: async () => {},
  delete: async () => {},
};

const NAME = 'unsung-models';

/**
 * Uses the browser's Cache API, on the page and in workers. It stores nothing where the API is missing (a page from
 * http), forbidden (private windows) or full.
 */
export function browserCache(): ByteCache {
  const storage = globalThis.caches as CacheStorage | undefined;
  if (!storage) return noCache;
  const address = (sha256: string) => new URL(`sha256/${sha256}`, globalThis.location.href).href;
  const attempt = async <T>(act: (cache: Cache) => Promise<T>): Promise<T | undefined> => {
    try {
      return await act(await storage.open(NAME));
    } catch {
      return undefined;
    }
  };
  return {
    get: (sha256) =>
      attempt(async (cache) => {
        const found = await cache.match(address(sha256));
        return found && new Uint8Array(await found.arrayBuffer());
      }),
    put: async (sha256, bytes) => {
      await attempt((cache) => cache.put(address(sha256), new Response(bytes)));
    },
    delete: async (sha256) => {
      await attempt((cache) => cache.delete(address(sha256)));
    },
  };
}
