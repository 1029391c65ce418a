/** The bytes of a file, at any position, at once: the decoder does not wait. */
export interface ByteSource {
  readonly size: number;
  /**
   * Reads bytes from `position` on into `to`.
   *
   * @returns how many; 0 at the end. May be fewer than there is room for.
   */
  read(position: number, to: Uint8Array): number;
  /** Frees what reading takes. */
  close(): void;
}

/** A file in memory. The bytes are not copied and not changed. */
export function bytesSource(bytes: ArrayBuffer | Uint8Array): ByteSource {
  const view = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  return {
    size: view.length,
    read(position, to) {
      const part = view.subarray(position, position + to.length);
      to.set(part);
      return part.length;
    },
    close: () => {},
  };
}

/** A source that tells why reading from it failed: the decoder itself only ends. */
export interface WatchedSource extends ByteSource {
  /** What was thrown; undefined: nothing. */
  readonly failure: unknown;
}

/** The same source, watched. */
export function watchedSource(source: ByteSource): WatchedSource {
  let failure: unknown;
  return {
    size: source.size,
    read(position, to) {
      try {
        return source.read(position, to);
      } catch (error) {
        failure = error ?? new Error('Reading failed.');
        throw error;
      }
    },
    close: () => source.close(),
    get failure() {
      return failure;
    },
  };
}
