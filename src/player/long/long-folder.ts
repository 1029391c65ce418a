/**
 * The folder of the browser's own file system for this page (OPFS) in which long songs lie while they are open. Each has
 * a folder of its own, whose owner holds a lock of that name as long as it lives: what nobody holds is left over from a
 * page that was closed, and may go.
 */
const FOLDER = 'long';

const lockName = (name: string): string => `unsung-long-${name}`;

/** A new folder for one song, and the way to give it back. */
export interface LongFolder {
  readonly name: string;
  /** Removes it, with all that is in it. */
  remove(): Promise<void>;
}

/** Makes a folder that no other page takes away. @throws DOMException where there is no such file system */
export async function newLongFolder(): Promise<LongFolder> {
  const root = await longFolder(true);
  const name = crypto.randomUUID();
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await new Promise<void>((locked, failed) => {
    // The lock lasts as long as this promise, or this page.
    navigator.locks
      .request(lockName(name), async () => {
        locked();
        await held;
      })
      .catch(failed);
  });
  await root.getDirectoryHandle(name, { create: true });
  return {
    name,
    async remove() {
      await root.removeEntry(name, { recursive: true }).catch(() => undefined);
      release();
    },
  };
}

/** The folder of a song. @throws DOMException where it is gone */
export async function songFolder(name: string): Promise<FileSystemDirectoryHandle> {
  return await (await longFolder(false)).getDirectoryHandle(name);
}

/** Takes away what closed pages have left; what is open in another tab stays. Never throws. */
export async function sweepLongFolder(): Promise<void> {
  try {
    const root = await longFolder(false);
    const names: string[] = [];
    for await (const name of root.keys()) names.push(name);
    for (const name of names) {
      await navigator.locks.request(lockName(name), { ifAvailable: true }, async (lock) => {
        if (lock) await root.removeEntry(name, { recursive: true }).catch(() => undefined);
      });
    }
  } catch {
    // No long song was ever opened, or there is no such file system.
  }
}

async function longFolder(create: boolean): Promise<FileSystemDirectoryHandle> {
  return await (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create });
}
