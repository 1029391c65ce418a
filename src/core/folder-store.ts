/** A place for the files of models, a flat folder for each; folder-store.browser.ts has those of a browser. */
export interface FolderStore {
  /** Whether what is written outlives the visit. */
  readonly lasts: 'browser' | 'page';
  /** Names of all folders. */
  folders(): Promise<readonly string[]>;
  /** Bytes of each file of a folder; nothing where there is no such folder. */
  sizes(folder: string): Promise<ReadonlyMap<string, number>>;
  /** A file's bytes; undefined where there is none. */
  read(folder: string, path: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Writes a file whole; the bytes may lie in shared memory. @throws whatever the browser throws, a QuotaExceededError where there is no room */
  write(folder: string, path: string, bytes: Uint8Array): Promise<void>;
  /** Writes a file whole, piece by piece: not all of it is in memory. @throws as `write` */
  copy(folder: string, path: string, file: Blob): Promise<void>;
  /** A file that is read where it lies, as far as the browser can; of no use once it is removed. Undefined: none. */
  file(folder: string, path: string): Promise<Blob | undefined>;
  /** Removes one file; nothing happens where there is none. */
  removeFile(folder: string, path: string): Promise<void>;
  /** Removes a folder with its files; nothing happens where there is none. */
  remove(folder: string): Promise<void>;
}

/** Bytes that are in no shared memory, whose files and answers browsers do not take: a copy where they are. */
export function unshared(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : bytes.slice();
}

/** Keeps files as long as the page (or the worker that made it) lives. */
export function memoryStore(): FolderStore {
  const folders = new Map<string, Map<string, Uint8Array<ArrayBuffer>>>();
  const store: FolderStore = {
    lasts: 'page',
    folders: async () => [...folders.keys()],
    sizes: async (folder) => new Map([...(folders.get(folder) ?? [])].map(([path, bytes]) => [path, bytes.length])),
    // A copy: loading may hand the bytes on.
    read: async (folder, path) => folders.get(folder)?.get(path)?.slice(),
    async write(folder, path, bytes) {
      const files = folders.get(folder) ?? new Map<string, Uint8Array<ArrayBuffer>>();
      folders.set(folder, files.set(path, unshared(bytes)));
    },
    copy: async (folder, path, file) => store.write(folder, path, new Uint8Array(await file.arrayBuffer())),
    async file(folder, path) {
      const bytes = folders.get(folder)?.get(path);
      return bytes && new Blob([bytes]);
    },
    async removeFile(folder, path) {
      folders.get(folder)?.delete(path);
    },
    async remove(folder) {
      folders.delete(folder);
    },
  };
  return store;
}
