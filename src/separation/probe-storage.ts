import type { ProbeStore } from '../model/runtime/backend.ts';

const CACHE = 'unsung-settings';
const ENTRY = '/probe.json';

/**
 * Stores the choice of a backend in the Cache API, which workers can use too. Where it is missing nothing is stored.
 */
export function probeStore(): ProbeStore {
  return {
    async get() {
      try {
        const cache = await caches.open(CACHE);
        return await (await cache.match(ENTRY))?.json();
      } catch {
        return undefined; // Not a secure context, or storage is switched off: the probe runs each time.
      }
    },
    async set(value) {
      try {
        const cache = await caches.open(CACHE);
        await cache.put(ENTRY, new Response(JSON.stringify(value)));
      } catch {
        // As above.
      }
    },
  };
}
