/** A file that is read in parts. */
export interface ByteSource {
  /** Length of the file, bytes. */
  readonly size: number;
  /** Bytes [start, end), fewer at the end of the file. They are for reading. */
  read(start: number, end: number): Promise<Uint8Array>;
}

/** The bytes of a file on disk or in memory. */
export function byteSource(file: Blob | Uint8Array): ByteSource {
  if (file instanceof Blob) {
    return {
      size: file.size,
      read: async (start, end) => new Uint8Array(await file.slice(start, end).arrayBuffer()),
    };
  }
  return { size: file.length, read: async (start, end) => file.subarray(start, end) };
}

/** A view for numbers. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Bytes [start, end) as a name of ASCII letters. */
export function asciiOf(bytes: Uint8Array, start = 0, end = bytes.length): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}
