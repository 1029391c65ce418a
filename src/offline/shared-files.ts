/**
 * Files that another app shared with the installed page. The service worker stores them from the form; the page that
 * opens next takes them. Source: W3C Web Share Target, level 2.
 */
const NAME = 'unsung-shared';
/** Name of the form's field, as in the web-app manifest. */
const FIELD = 'files';

/** Stores the files of a shared form until the page takes them. */
export async function keepShared(form: FormData): Promise<void> {
  const cache = await caches.open(NAME);
  const files = form.getAll(FIELD).filter((value): value is File => value instanceof File);
  // One after the other: a cache returns its entries in the order of insertion.
  for (const [n, file] of files.entries()) {
    const headers = { 'Content-Type': file.type || 'application/octet-stream' };
    await cache.put(`./shared/${n}/${encodeURIComponent(file.name)}`, new Response(file, { headers }));
  }
}

/** Takes the files that were shared since the last call; they are removed here. */
export async function takeShared(): Promise<readonly File[]> {
  if (!('caches' in globalThis) || !(await caches.has(NAME))) return [];
  const cache = await caches.open(NAME);
  const files = await Promise.all(
    (await cache.keys()).map(async (request) => {
      const name = decodeURIComponent(request.url.slice(request.url.lastIndexOf('/') + 1));
      const blob = await (await cache.match(request))!.blob();
      return new File([blob], name, { type: blob.type });
    }),
  );
  await caches.delete(NAME);
  return files;
}
