/**
 * Gives the memory of arrays back at once, which have no more use; they are empty afterwards. The garbage collector would
 * do it some time: browsers let tens of megabytes of such arrays gather in each worker before it runs. Memory that is
 * shared, and browsers that cannot (before ES2024), are left to it; what has been given away already is passed over.
 */
export function freeMemory(arrays: Iterable<ArrayBufferView>): void {
  for (const { buffer } of arrays) {
    const freed = buffer as ArrayBuffer & { transfer?: (length: number) => ArrayBuffer };
    if (buffer instanceof ArrayBuffer && buffer.byteLength > 0) freed.transfer?.(0);
  }
}
