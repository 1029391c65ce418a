import type { AccessHandle } from '../../../src/core/access-handle.ts';

/** A file that reads and writes some bytes at a time, up to its capacity, which may change. */
export function memoryFile(space: number | (() => number), atOnce = 1000): AccessHandle {
  const capacity = typeof space === 'number' ? () => space : space;
  let bytes = new Uint8Array(0);
  const grow = (size: number) => {
    if (size > capacity()) throw new DOMException('Full.', 'QuotaExceededError');
    const larger = new Uint8Array(Math.max(size, bytes.length));
    larger.set(bytes);
    bytes = larger;
  };
  return {
    read(buffer, { at }) {
      const part = bytes.subarray(at, at + Math.min(atOnce, buffer.length));
      buffer.set(part);
      return part.length;
    },
    write(buffer, { at }) {
      const part = buffer.subarray(0, Math.min(atOnce, Math.max(0, capacity() - at)));
      if (part.length > 0) grow(at + part.length);
      bytes.set(part, at);
      return part.length;
    },
    truncate: grow,
    flush: () => undefined,
    close: () => undefined,
    getSize: () => bytes.length,
  };
}
