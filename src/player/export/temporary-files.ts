import type { ByteSink } from '../../audio/encode/byte-sink.ts';
import { memorySink } from '../../audio/encode/byte-sink.ts';
import { writeAll } from '../../core/access-handle.ts';
import type { TemporaryFile } from './run-export.ts';

/** Folder in the origin's private file system (OPFS) for files that are not yet delivered. */
const FOLDER = 'unsung-exports';

/** Files of this age were left by a closed page; files of other open tabs are younger. */
const STALE_MS = 24 * 3_600_000;

/** Smaller files are made in memory. */
const SMALL_BYTES = 67_108_864;

/** Bytes read at once. */
const READ_BYTES = 1 << 20;

/**
 * Creates a temporary file: in the origin's private file system (OPFS) if there is one and the file is large, else in
 * memory. Only for workers.
 */
export async function createTemporaryFile(expectedBytes: number): Promise<TemporaryFile> {
  if (expectedBytes < SMALL_BYTES) return inMemory();
  try {
    return await onDisk();
  } catch {
    // Private windows of some browsers have no OPFS.
    return inMemory();
  }
}

/** Deletes the files that closed pages have left. */
export async function sweepTemporaryFiles(now: number): Promise<void> {
  try {
    const folder = await waitingFolder();
    for await (const name of folder.keys()) {
      if (now - Number(name.split('-')[0]) > STALE_MS) await folder.removeEntry(name);
    }
  } catch {
    // There is no OPFS, or a file is in use.
  }
}

async function waitingFolder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return await root.getDirectoryHandle(FOLDER, { create: true });
}

async function onDisk(): Promise<TemporaryFile> {
  const folder = await waitingFolder();
  const name = `${Date.now()}-${crypto.randomUUID()}`;
  const handle = await folder.getFileHandle(name, { create: true });
  const access = await handle.createSyncAccessHandle();
  const discard = async (): Promise<void> => {
    access.close();
    await folder.removeEntry(name).catch(() => undefined);
  };
  return {
    async write(data, position) {
      writeAll(access, data, position);
    },
    async close() {
      access.flush();
      access.close();
    },
    abort: discard,
    discard,
    async *content() {
      const file = await handle.getFile();
      for (let at = 0; at < file.size; at += READ_BYTES) {
        yield new Uint8Array(await file.slice(at, at + READ_BYTES).arrayBuffer());
      }
    },
    blob: async (type) => (await handle.getFile()).slice(0, undefined, type),
  };
}

function inMemory(): TemporaryFile {
  const sink = memorySink();
  return {
    ...sink,
    discard: () => sink.abort(),
    async *content() {
      yield* sink.pieces();
    },
    blob: async (type) => new Blob(sink.pieces(), { type }),
  };
}

/** Writes to a file that the user chose. Its old content stays until the file is closed. */
export async function chosenFile(handle: FileSystemFileHandle): Promise<ByteSink> {
  const stream = await handle.createWritable();
  return {
    write: (data, position) => stream.write({ type: 'write', data: data as Uint8Array<ArrayBuffer>, position }),
    close: () => stream.close(),
    abort: () => stream.abort().catch(() => undefined),
  };
}
