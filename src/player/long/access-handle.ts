/** What is used of a FileSystemSyncAccessHandle. */
export interface AccessHandle {
  read(buffer: Uint8Array, options: { at: number }): number;
  write(buffer: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

/** Writes all of `bytes`. @throws DOMException, QuotaExceededError where the disk takes no more */
export function writeAll(access: AccessHandle, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length; ) {
    const written = access.write(bytes.subarray(done), { at: at + done });
    if (!(written > 0)) throw new DOMException('Nothing more can be written.', 'QuotaExceededError');
    done += written;
  }
}

/** Fills `bytes` from the file; with zeros behind the file's end. */
export function readAll(access: AccessHandle, bytes: Uint8Array, at: number): void {
  let done = 0;
  while (done < bytes.length) {
    const got = access.read(bytes.subarray(done), { at: at + done });
    if (!(got > 0)) break;
    done += got;
  }
  bytes.fill(0, done);
}
