/** Bytes that are read at once. */
const WINDOW_BYTES = 1 << 22;

/** Reads ranges of a file, mostly in order: small ones come from a larger part that is read once. */
export class BlobReader {
  readonly size: number;
  readonly #blob: Blob;
  readonly #windowBytes: number;
  #start = 0;
  #window = new Uint8Array(0);

  /** @param windowBytes bytes that are read at once */
  constructor(blob: Blob, windowBytes = WINDOW_BYTES) {
    this.#blob = blob;
    this.#windowBytes = windowBytes;
    this.size = blob.size;
  }

  /** Bytes [start, end) of the file, fewer at its end. Valid until the next call; not to be changed. */
  async read(start: number, end: number): Promise<Uint8Array> {
    if (start < this.#start || end > this.#start + this.#window.length) {
      const stop = Math.min(this.size, Math.max(end, start + this.#windowBytes));
      this.#window = new Uint8Array(await this.#blob.slice(start, stop).arrayBuffer());
      this.#start = start;
    }
    return this.#window.subarray(start - this.#start, end - this.#start);
  }
}
