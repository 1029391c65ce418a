/**
 * Files that another app shared with the installed page: the service worker takes the form that brings them and puts them
 * here, the page that opens next takes them out. Source: W3C Web Share Target, level 2.
 */
const NAME = 'unsung-shared';
/** Name of the form's field, as in the web-app manifest. */
const FIELD = 'files';

/** Keeps the files of a shared form until the page takes them. */
export async function keepShared(form: FormData): Promise<void> {
  const cache = await caches.open(NAME);
  const files = form.getAll(FIELD).filter((value): value is File => value instanceof File);
  // One after the other: a cache gives its entries back in the order in which they came.
  for (const [n, file] of files.entries()) {
    const headers = { 'Content-Type': file.type || 'application/octet-stream' };
    await cache.put(`./shared/${n}/${encodeURIComponent(file.name)}`, new Response(file, { headers }));
  }
}

/** The files that were shared since the last time, which are then kept no longer. */
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
