import { type AccessHandle, openAlone, writeAll } from './access-handle.ts';
import { type FolderStore, unshared } from './folder-store.ts';

/** A folder of the origin private file system, and the name of the cache that replaces it. */
export interface StorePlace {
  readonly folder: string;
  readonly cache: string;
}

/** The folder of the models. */
const MODELS: StorePlace = { folder: 'models', cache: 'unsung-kept-models' };
/** Written to test whether a store works. */
const TRIAL = '.trial';
/** Bytes copied at a time: a whole song would need half as much memory again. */
const PIECE_BYTES = 4_194_304;

/** Methods that TypeScript's libraries for pages and for workers do not both declare. */
interface WritableFile {
  createSyncAccessHandle?(): Promise<AccessHandle>;
  createWritable?(): Promise<{ write(bytes: Uint8Array): Promise<void>; close(): Promise<void> }>;
}

/**
 * The browser's store for files between visits: the origin private file system; if it is missing or forbidden, the
 * Cache API; undefined if neither works, as in some private windows. For workers: Safari writes files only there.
 */
export async function browserFolderStore(where: StorePlace = MODELS): Promise<FolderStore | undefined> {
  for (const open of [privateFiles, cacheFiles]) {
    try {
      const store = await open(where);
      await tryOut(store);
      return store;
    } catch {
      // Try the next one.
    }
  }
  return undefined;
}

async function tryOut(store: FolderStore): Promise<void> {
  try {
    await store.write(TRIAL, TRIAL, new Uint8Array([1]));
  } catch (error) {
    // Full, but readable.
    if (!isFull(error)) throw error;
  }
  await store.remove(TRIAL);
}

/** Whether an error means that a store is full. */
export function isFull(error: unknown): boolean {
  return error instanceof Error && error.name === 'QuotaExceededError';
}

/**
 * Files in the origin private file system (https://fs.spec.whatwg.org): models/<folder>/<file>.
 *
 * @throws DOMException if there is none, or the page may not use it
 */
export async function privateFiles(where: StorePlace): Promise<FolderStore> {
  const root = await navigator.storage.getDirectory();
  const place = await root.getDirectoryHandle(where.folder, { create: true });
  const open = (folder: string) => ifThere(place.getDirectoryHandle(folder));
  return {
    lasts: 'browser',
    async folders() {
      const names: string[] = [];
      for await (const [name, handle] of entries(place)) {
        if (handle.kind === 'directory' && name !== TRIAL) names.push(name);
      }
      return names;
    },
    async sizes(folder) {
      const sizes = new Map<string, number>();
      const directory = await open(folder);
      if (!directory) return sizes;
      for await (const [name, handle] of entries(directory)) {
        if (handle.kind === 'file') {
          sizes.set(decodeURIComponent(name), (await (handle as FileSystemFileHandle).getFile()).size);
        }
      }
      return sizes;
    },
    async read(folder, path) {
      const directory = await open(folder);
      const handle = directory && (await ifThere(directory.getFileHandle(encodeURIComponent(path))));
      return handle && new Uint8Array(await (await handle.getFile()).arrayBuffer());
    },
    async write(folder, path, bytes) {
      const directory = await place.getDirectoryHandle(folder, { create: true });
      // A path may contain slashes, a file name may not.
      await writeFile(await directory.getFileHandle(encodeURIComponent(path), { create: true }), bytes);
    },
    async copy(folder, path, source) {
      const directory = await place.getDirectoryHandle(folder, { create: true });
      await copyFile(await directory.getFileHandle(encodeURIComponent(path), { create: true }), source);
    },
    async file(folder, path) {
      const directory = await open(folder);
      const handle = directory && (await ifThere(directory.getFileHandle(encodeURIComponent(path))));
      return handle && (await handle.getFile());
    },
    async removeFile(folder, path) {
      const directory = await open(folder);
      await (directory && ifThere(directory.removeEntry(encodeURIComponent(path))));
    },
    async remove(folder) {
      await ifThere(place.removeEntry(folder, { recursive: true }));
    },
  };
}

async function writeFile(handle: FileSystemFileHandle, bytes: Uint8Array): Promise<void> {
  const file = handle as unknown as WritableFile;
  const { createSyncAccessHandle } = file;
  if (createSyncAccessHandle) {
    const access = await openAlone(() => createSyncAccessHandle.call(file));
    try {
      access.truncate(0);
      for (const piece of pieces(bytes)) writeAll(access, piece.bytes, piece.at);
      access.flush();
    } finally {
      access.close();
    }
    return;
  }
  const stream = await file.createWritable?.();
  if (!stream) throw new DOMException('Files cannot be written here.', 'NotSupportedError');
  await stream.write(unshared(bytes));
  await stream.close();
}

/** All of `bytes`; from shared memory in pieces, each valid until the next one is requested. */
function* pieces(bytes: Uint8Array): Generator<{ readonly bytes: Uint8Array; readonly at: number }> {
  if (bytes.buffer instanceof ArrayBuffer) {
    yield { bytes, at: 0 };
    return;
  }
  const copy = new Uint8Array(Math.min(PIECE_BYTES, bytes.length));
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    const piece = bytes.subarray(at, at + PIECE_BYTES);
    copy.set(piece);
    yield { bytes: copy.subarray(0, piece.length), at };
  }
}

async function copyFile(handle: FileSystemFileHandle, source: Blob): Promise<void> {
  const file = handle as unknown as WritableFile;
  const { createSyncAccessHandle } = file;
  if (!createSyncAccessHandle) {
    await writeFile(handle, new Uint8Array(await source.arrayBuffer()));
    return;
  }
  const access = await openAlone(() => createSyncAccessHandle.call(file));
  try {
    access.truncate(0);
    for (let at = 0; at < source.size; at += PIECE_BYTES) {
      const piece = new Uint8Array(await source.slice(at, at + PIECE_BYTES).arrayBuffer());
      writeAll(access, piece, at);
    }
    access.flush();
  } finally {
    access.close();
  }
}

function entries(directory: FileSystemDirectoryHandle): AsyncIterable<[string, FileSystemHandle]> {
  return (directory as unknown as { entries(): AsyncIterable<[string, FileSystemHandle]> }).entries();
}

/** The result; undefined if the file or folder does not exist. */
async function ifThere<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof Error && (error.name === 'NotFoundError' || error.name === 'TypeMismatchError')) return;
    throw error;
  }
}

/** Files in the Cache API: one address for each. */
async function cacheFiles(where: StorePlace): Promise<FolderStore> {
  const cache = await caches.open(where.cache);
  const address = (folder: string, path = '') =>
    new URL(`/${where.cache}/${encodeURIComponent(folder)}/${encodeURIComponent(path)}`, globalThis.location.origin)
      .href;
  const all = async () => {
    const requests = await cache.keys();
    return requests.map(({ url }) => {
      const [folder, path] = new URL(url).pathname.split('/').slice(2).map(decodeURIComponent);
      return { folder, path, url };
    });
  };
  return {
    lasts: 'browser',
    folders: async () => [...new Set((await all()).map((file) => file.folder))].filter((name) => name !== TRIAL),
    async sizes(folder) {
      const sizes = new Map<string, number>();
      for (const file of await all()) {
        if (file.folder !== folder) continue;
        const response = await cache.match(file.url);
        if (response) sizes.set(file.path, (await response.blob()).size);
      }
      return sizes;
    },
    async read(folder, path) {
      const response = await cache.match(address(folder, path));
      return response && new Uint8Array(await response.arrayBuffer());
    },
    write: (folder, path, bytes) => cache.put(address(folder, path), new Response(unshared(bytes))),
    copy: (folder, path, file) => cache.put(address(folder, path), new Response(file)),
    file: async (folder, path) => (await cache.match(address(folder, path)))?.blob(),
    async removeFile(folder, path) {
      await cache.delete(address(folder, path));
    },
    async remove(folder) {
      for (const file of await all()) if (file.folder === folder) await cache.delete(file.url);
    },
  };
}
