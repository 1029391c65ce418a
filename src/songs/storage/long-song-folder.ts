import { privateFiles } from '../../core/folder-store.browser.ts';
import type { FolderStore } from '../../core/folder-store.ts';
import { removeUnkept, sweepLeftovers, type WhileUnused } from './leftovers.ts';

/**
 * Folder in the origin's private file system (OPFS) with a folder for each long song. A page that has a song open holds a
 * shared lock of its name. A folder without a holder may be deleted, unless the song is archived.
 */
const FOLDER = 'long';

const lockName = (name: string): string => `unsung-long-${name}`;

/** The folder of an open song. */
export interface LongSongFolder {
  readonly name: string;
  /** Releases the folder; deletes it unless the song is archived or open elsewhere. Never rejects. */
  leave(): Promise<void>;
}

/** All folders. @throws DOMException where there is no such file system */
export function longStore(): Promise<FolderStore> {
  return privateFiles({ folder: FOLDER, cache: '' });
}

/** Creates an empty folder and locks it. @throws DOMException if there is no OPFS; the signal's reason */
export async function newLongSongFolder(name: string, signal?: AbortSignal): Promise<LongSongFolder> {
  const store = await longStore();
  let held: Promise<LongSongFolder> | undefined;
  // Alone first: the same song may just be given up by this page, and be on its way out.
  await navigator.locks.request(lockName(name), { signal }, async () => {
    await store.remove(name);
    await (await longFolder()).getDirectoryHandle(name, { create: true });
    // Asked for before the other lock is given back: nobody comes between.
    held = holdLongSongFolder(name);
  });
  return await (held as Promise<LongSongFolder>);
}

/** Locks an existing folder until it is released. */
export async function holdLongSongFolder(name: string): Promise<LongSongFolder> {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let ended: Promise<void> = Promise.resolve();
  await new Promise<void>((locked, failed) => {
    // The lock lasts as long as this promise, or this page.
    ended = navigator.locks
      .request(lockName(name), { mode: 'shared' }, async () => {
        locked();
        await released;
      })
      .catch(failed);
  });
  return {
    name,
    async leave() {
      release();
      // Only now it is given back.
      await ended;
      await longStore()
        .then((store) => whileUnused(name, () => removeUnkept(store, name), 'leave'))
        .catch(() => undefined);
    },
  };
}

/** The folder of a song. @throws DOMException where it is gone */
export async function songFolder(name: string): Promise<FileSystemDirectoryHandle> {
  return await (await longFolder()).getDirectoryHandle(name);
}

export const whileUnused: WhileUnused = async (name, act, otherwise) => {
  const { locks } = navigator;
  const done = await locks.request(lockName(name), { ifAvailable: true }, async (lock) => {
    if (lock) await act();
    return lock !== null;
  });
  if (done || otherwise === 'leave') return;
  // Not waited for: it may be long open in another window, and where this page ends first, the next one sweeps.
  void locks.request(lockName(name), act).catch(() => undefined);
};

/** Deletes folders of closed pages; archived and open songs stay. Never throws. */
export async function sweepLongSongFolder(): Promise<void> {
  try {
    await sweepLeftovers(await longStore(), whileUnused);
  } catch {
    // There is no such file system.
  }
}

async function longFolder(): Promise<FileSystemDirectoryHandle> {
  return await (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true });
}
