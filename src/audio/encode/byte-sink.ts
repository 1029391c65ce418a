import { ExportError, messageOf } from '../../core/errors.ts';

/** The destination of a file. Bytes may be overwritten: formats write their length at the start in the end. */
export interface ByteSink {
  /** Writes `data` at a byte offset; does not keep it. */
  write(data: Uint8Array, position: number): Promise<void>;
  /** Completes the file. */
  close(): Promise<void>;
  /** Removes what was written. Does nothing after `close`. */
  abort(): Promise<void>;
}

/** Size of one piece of memory, bytes. */
const PIECE = 1 << 20;

/** A sink that keeps the file in memory, in pieces: it grows without copying. */
export interface MemorySink extends ByteSink {
  /** The pieces of the file. */
  readonly pieces: () => Uint8Array<ArrayBuffer>[];
}

/** Makes a sink in memory. */
export function memorySink(): MemorySink {
  let pieces: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  return {
    async write(data, position) {
      const end = position + data.length;
      while (pieces.length * PIECE < end) pieces.push(new Uint8Array(PIECE));
      for (let at = position; at < end; ) {
        const piece = pieces[Math.floor(at / PIECE)];
        const part = data.subarray(at - position, at - position + PIECE - (at % PIECE));
        piece.set(part, at % PIECE);
        at += part.length;
      }
      length = Math.max(length, end);
    },
    close: async () => {},
    async abort() {
      pieces = [];
      length = 0;
    },
    pieces: () =>
      pieces
        .map((piece, index) => piece.subarray(0, Math.min(PIECE, length - index * PIECE)))
        .filter((p) => p.length > 0),
  };
}

/**
 * The error of a failed write as a sentence: file systems of browsers throw DOMExceptions, Node's have codes.
 * An ExportError stays as it is.
 */
export function writeFault(cause: unknown): ExportError {
  if (cause instanceof ExportError) return cause;
  const { name, code } = (cause ?? {}) as { readonly name?: string; readonly code?: unknown };
  const known = (...names: readonly string[]) => names.includes(String(name)) || names.includes(String(code));
  if (known('QuotaExceededError', 'ENOSPC', 'EDQUOT')) {
    return new ExportError('export.disk-full', {}, { cause });
  }
  if (known('NotAllowedError', 'NoModificationAllowedError', 'SecurityError', 'EACCES', 'EPERM', 'EROFS')) {
    return new ExportError('export.denied', {}, { cause });
  }
  return new ExportError('export.interrupted', { detail: messageOf(cause) }, { cause });
}
