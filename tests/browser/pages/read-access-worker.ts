import type { AccessHandle } from '../../../src/core/access-handle.ts';
import { openForReading } from '../../../src/songs/storage/read-access.ts';

/** Opens files as the browsers before `mode` did: for one alone. */
interface Handle {
  createSyncAccessHandle(options?: object): Promise<AccessHandle>;
  getFile(): Promise<File>;
}

const BYTES = Uint8Array.from({ length: 100_000 }, (_, n) => (n * 7919) % 251);

async function readWays(): Promise<readonly boolean[]> {
  const root = await navigator.storage.getDirectory();
  const handle = (await root.getFileHandle('read-ways', { create: true })) as unknown as Handle;
  const writing = await handle.createSyncAccessHandle();
  writing.write(BYTES, { at: 0 });
  writing.close();
  const ways = [
    // A browser that shares; one that does not know the mode; one without access handles.
    handle,
    { createSyncAccessHandle: () => handle.createSyncAccessHandle(), getFile: () => handle.getFile() },
    { getFile: () => handle.getFile() },
  ];
  const results: boolean[] = [];
  for (const way of ways) {
    const [one, other] = [await openForReading(way), await openForReading(way)];
    for (const access of [one, other]) {
      const piece = new Uint8Array(5000);
      const middle =
        access.read(piece, { at: 40_000 }) === 5000 && piece.every((byte, n) => byte === BYTES[40_000 + n]);
      const end = access.read(piece, { at: 99_000 }) === 1000;
      results.push(middle && end && access.read(piece, { at: 200_000 }) === 0);
    }
    one.close();
    other.close();
  }
  await root.removeEntry('read-ways');
  return results;
}

void readWays().then((results) => postMessage(results));
