import { privateFiles } from '../../core/folder-store.browser.ts';
import type { FolderStore } from '../../core/folder-store.ts';
import { removeUnkept, sweepLeftovers, type WhileUnused } from './leftovers.ts';

/**
 * The folder of the browser's own file system for this page (OPFS) in which long songs lie, each in a folder of its own.
 * Whoever has a song open holds a lock of its name, shared with others: what nobody holds may go, unless it is kept.
 */
const FOLDER = 'long';

const lockName = (name: string): string => `unsung-long-${name}`;

/** The folder of one song, and the way to let it go. */
export interface LongSongFolder {
  readonly name: string;
  /** Lets it go: removes it, with all that is in it, unless it is kept or somebody else has it open. Never rejects. */
  leave(): Promise<void>;
}

/** All folders. @throws DOMException where there is no such file system */
export function longStore(): Promise<FolderStore> {
  return privateFiles({ folder: FOLDER, cache: '' });
}

/** Makes an empty folder that no other page takes away. @throws DOMException where there is no such file system; the signal's reason */
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

/** Has a folder that is there stay there, until it is let go. */
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

/** Takes away what closed pages have left; what is kept, or open in another tab, stays. Never throws. */
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
