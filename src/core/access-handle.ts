/** The part of FileSystemSyncAccessHandle that is used here. */
export interface AccessHandle {
  read(buffer: Uint8Array, options: { at: number }): number;
  write(buffer: Uint8Array, options: { at: number }): number;
  getSize(): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

/** Milliseconds between two tries to open a file, and the number of tries. */
const RETRY_MS = 50;
const MAX_TRIES = 40;

/**
 * Opens a file for exclusive access. The files of a worker that has just crashed stay open for a moment, so it tries
 * for two seconds.
 *
 * @throws DOMException NoModificationAllowedError if something else has the file open
 */
export async function openAlone(open: () => Promise<AccessHandle>): Promise<AccessHandle> {
  for (let tries = 1; ; tries++) {
    try {
      return await open();
    } catch (error) {
      const taken = error instanceof Error && error.name === 'NoModificationAllowedError';
      if (!taken || tries === MAX_TRIES) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

// On a full disk, Chromium throws, except in private windows: there `write` returns an error number as if it were a
// count of bytes (4294967288), and `truncate` does nothing.

/**
 * Writes all of `bytes`.
 * @throws DOMException QuotaExceededError if the disk is full
 */
export function writeAll(access: AccessHandle, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length; ) {
    const written = access.write(bytes.subarray(done), { at: at + done });
    if (!(written > 0 && written <= bytes.length - done)) throw full();
    done += written;
  }
}

/**
 * Sets the size of the file, filling with zeros.
 * @throws DOMException QuotaExceededError if the disk is full
 */
export function resize(access: AccessHandle, size: number): void {
  access.truncate(size);
  if (access.getSize() !== size) throw full();
}

/** Fills `bytes` from the file, with zeros beyond its end. */
export function readAll(access: AccessHandle, bytes: Uint8Array, at: number): void {
  let done = 0;
  while (done < bytes.length) {
    const got = access.read(bytes.subarray(done), { at: at + done });
    if (!(got > 0)) break;
    done += got;
  }
  bytes.fill(0, done);
}

const full = () => new DOMException('The disk takes no more.', 'QuotaExceededError');
