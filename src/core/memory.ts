/**
 * Gives the memory of arrays back at once, which have no more use; they are empty afterwards. The garbage collector would
 * do it some time: browsers let hundreds of megabytes of such arrays gather in each worker before it runs. Memory that is
 * shared, and whatever lies in an audio worklet, is left to it; what has been given away already is passed over.
 *
 * They are sent to a port that nobody listens to any more, and dropped there. `ArrayBuffer.transfer(0)` would be shorter,
 * but Chromium then keeps what came from another thread until its wrapper is collected, and no longer counts it: 2.6 GB
 * of garbage where this keeps 40 MB.
 */
export function freeMemory(arrays: Iterable<ArrayBufferView>): void {
  if (typeof MessageChannel === 'undefined') return;
  const buffers = new Set<ArrayBuffer>();
  for (const { buffer } of arrays) if (buffer instanceof ArrayBuffer && buffer.byteLength > 0) buffers.add(buffer);
  if (buffers.size === 0) return;
  const { port1, port2 } = new MessageChannel();
  port2.close();
  port1.postMessage(undefined, [...buffers]);
  port1.close();
}

/** Zeros that the page, its workers and its worklet can share without a copy, where that is allowed. */
export function shareable(bytes: number): ArrayBufferLike {
  if (!globalThis.crossOriginIsolated || typeof SharedArrayBuffer === 'undefined') return new ArrayBuffer(bytes);
  return new SharedArrayBuffer(bytes);
}
