import { cleanupOutdatedCaches, type PrecacheEntry, precacheAndRoute } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import { keepShared } from './shared-files.ts';

declare const self: ServiceWorkerGlobalScope & { readonly __WB_MANIFEST: (PrecacheEntry | string)[] };

// The page and all that it loads, but for the models' weights: those the engine keeps itself, by their hashes
// (model/cache.ts). The answers keep their headers, so the page stays isolated from other sites' without a network.
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

// A new version waits until the person says so: a song that is open would be lost with the page's reload.
self.onmessage = ({ data }) => {
  if ((data as { type?: string } | null)?.type === 'SKIP_WAITING') void self.skipWaiting();
};
