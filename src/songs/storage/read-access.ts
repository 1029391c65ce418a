import type { AccessHandle } from '../../core/access-handle.ts';
import { freeMemory } from '../../core/memory.ts';

/** Workers have it; TypeScript's library for pages does not. */
declare const FileReaderSync: new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer };

/**
 * What TypeScript's library lacks:
 * https://developer.mozilla.org/docs/Web/API/FileSystemFileHandle/createSyncAccessHandle.
 */
interface ReadableHandle {
  createSyncAccessHandle?(options: { readonly mode: 'read-only' }): Promise<AccessHandle & { readonly mode?: string }>;
  getFile(): Promise<File>;
}

/**
 * Opens a file that others, also in other tabs, may read at the same time. Read-only.
 *
 * @throws DOMException where it is gone
 */
export async function openForReading(handle: ReadableHandle): Promise<AccessHandle> {
  const access = await handle.createSyncAccessHandle?.({ mode: 'read-only' }).catch(() => undefined);
  if (access?.mode === 'read-only') return access;
  // Browsers that do not know the mode have opened it for this tab alone.
  access?.close();
  return readAccess(await handle.getFile());
}

/** Reads a file without opening it: slower, and in every browser. For workers. */
export function readAccess(file: Blob): AccessHandle {
  const reader = new FileReaderSync();
  const readOnly = () => {
    throw new DOMException('It is open for reading only.', 'NoModificationAllowedError');
  };
  return {
    read(buffer, { at }) {
      const bytes = new Uint8Array(reader.readAsArrayBuffer(file.slice(at, at + buffer.length)));
      buffer.set(bytes);
      const { length } = bytes;
      freeMemory([bytes]);
      return length;
    },
    getSize: () => file.size,
    write: readOnly,
    truncate: readOnly,
    flush: readOnly,
    close: () => undefined,
  };
}
