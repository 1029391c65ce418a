import { addPlugins, cleanupOutdatedCaches, type PrecacheEntry, precacheAndRoute } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import { isolated } from './isolated.ts';
import { RENEW, type RenewAnswer } from './renew.ts';
import { keepShared } from './shared-files.ts';

declare const self: ServiceWorkerGlobalScope & { readonly __WB_MANIFEST: (PrecacheEntry | string)[] };

// Stores the page and everything it loads, except the models' weights: the engine keeps those by their hashes
// (model/byte-cache.ts).
addPlugins([
  {
    cachedResponseWillBeUsed: async ({ cachedResponse, event }) =>
      cachedResponse && isolated(cachedResponse, (event as FetchEvent).request?.destination),
  },
]);
precacheAndRoute(self.__WB_MANIFEST, { ignoreURLParametersMatching: [/./], cleanURLs: false });
cleanupOutdatedCaches();

registerRoute(
  ({ url }) => url.pathname.endsWith('/share'),
  async ({ request }) => {
    await keepShared(await request.formData());
    return Response.redirect('./?shared', 303);
  },
  'POST',
);

// A new version waits until the person agrees. It removes the old version's files, which other windows may not have
// loaded yet, so it takes over only in the last window.
self.addEventListener('message', (event) => {
  if ((event.data as { type?: string } | null)?.type !== RENEW) return;
  event.waitUntil(
    (async () => {
      const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
      const answer: RenewAnswer = windows.length > 1 ? 'others' : 'coming';
      event.ports[0]?.postMessage(answer);
      if (answer === 'coming') await self.skipWaiting();
    })(),
  );
});
