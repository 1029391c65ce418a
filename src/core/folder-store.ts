/** Storage for files in flat folders, such as one for each model. folder-store.browser.ts has the browser's. */
export interface FolderStore {
  /** Whether files outlive the visit. */
  readonly lasts: 'browser' | 'page';
  /** Names of all folders. */
  folders(): Promise<readonly string[]>;
  /** Size in bytes of each file of a folder; empty if there is no such folder. */
  sizes(folder: string): Promise<ReadonlyMap<string, number>>;
  /** The bytes of a file; undefined if there is none. */
  read(folder: string, path: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /**
   * Writes a whole file; the bytes may lie in shared memory.
   * @throws whatever the browser throws, QuotaExceededError if there is no space
   */
  write(folder: string, path: string, bytes: Uint8Array): Promise<void>;
  /**
   * Writes a whole file piece by piece, so that not all of it is in memory.
   * @throws as `write`
   */
  copy(folder: string, path: string, file: Blob): Promise<void>;
  /**
   * A file that is read from the disk as far as the browser can; it becomes invalid when it is removed. Undefined:
   * there is none.
   */
  file(folder: string, path: string): Promise<Blob | undefined>;
  /** Removes a file, if there is one. */
  removeFile(folder: string, path: string): Promise<void>;
  /** Removes a folder with its files, if there is one. */
  remove(folder: string): Promise<void>;
}

/** The bytes outside shared memory, which File and Response do not accept: a copy if they are shared. */
export function unshared(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : bytes.slice();
}

/** Keeps files in memory, as long as the page or worker lives. */
export function memoryStore(): FolderStore {
  const folders = new Map<string, Map<string, Uint8Array<ArrayBuffer>>>();
  const store: FolderStore = {
    lasts: 'page',
    folders: async () => [...folders.keys()],
    sizes: async (folder) => new Map([...(folders.get(folder) ?? [])].map(([path, bytes]) => [path, bytes.length])),
    // A copy: loading may transfer the bytes.
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
