/**
 * Frees the memory of arrays at once; they are empty afterwards. The garbage collector would take its time: browsers
 * let hundreds of megabytes of such arrays gather in each worker. Shared memory and memory in an audio worklet are left
 * to it; arrays that were transferred already are skipped.
 *
 * The arrays are sent to a closed port and dropped there. `ArrayBuffer.transfer(0)` would be shorter, but with it
 * Chromium keeps memory that came from another thread until its wrapper is collected, and no longer counts it: 2.6 GB
 * of garbage instead of 40 MB.
 *
 * In Node they are sent to a clone that nobody keeps; its collector counts that memory and soon frees it.
 */
export function freeMemory(arrays: Iterable<ArrayBufferView>): void {
  if (typeof MessageChannel === 'undefined') return;
  const buffers = new Set<ArrayBuffer>();
  for (const { buffer } of arrays) if (buffer instanceof ArrayBuffer && buffer.byteLength > 0) buffers.add(buffer);
  if (buffers.size === 0) return;
  if ('process' in globalThis) {
    // Node drops what a closed port receives only after the present task: 260 MB gather while a model loads.
    structuredClone(undefined, { transfer: [...buffers] });
    return;
  }
  const { port1, port2 } = new MessageChannel();
  port2.close();
  port1.postMessage(undefined, [...buffers]);
  port1.close();
}

/** Whether page, workers and worklets can share memory. WebKitGTK isolates a page, but has no SharedArrayBuffer. */
export function canShare(): boolean {
  return globalThis.crossOriginIsolated && typeof SharedArrayBuffer !== 'undefined';
}

/** Zeros that the page, its workers and its worklet can share without a copy, if the browser allows it. */
export function shareable(bytes: number): ArrayBufferLike {
  return canShare() ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
}
