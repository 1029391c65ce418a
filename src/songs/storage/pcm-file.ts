import { type AccessHandle, readAll, resize, writeAll } from '../../core/access-handle.ts';

const BYTES = Float32Array.BYTES_PER_ELEMENT;

/**
 * Samples in a file: 32-bit floating point as the processor has them, channels interleaved, no head. Where nothing was
 * written there is silence.
 */
export class PcmFile {
  readonly #access: AccessHandle;
  readonly #channels: number;
  #scratch = new Float32Array(0);

  constructor(access: AccessHandle, channels: number) {
    this.#access = access;
    this.#channels = channels;
  }

  /**
   * Allocates space for this many samples of each channel, so that later writes cannot fail for lack of it.
   *
   * @throws DOMException
   */
  reserve(samples: number): void {
    resize(this.#access, samples * this.#channels * BYTES);
  }

  /** Writes samples from `start` on. @throws DOMException, QuotaExceededError where the disk takes no more */
  write(start: number, channels: readonly Float32Array[]): void {
    const count = channels[0].length;
    const all = this.#buffer(count);
    for (let c = 0; c < this.#channels; c++) {
      const channel = channels[Math.min(c, channels.length - 1)];
      for (let n = 0, i = c; n < count; n++, i += this.#channels) all[i] = channel[n];
    }
    writeAll(this.#access, this.#bytes(all, count), start * this.#channels * BYTES);
  }

  /** Samples [start, end) in arrays of their own; zeros behind the file's end. */
  read(start: number, end: number): Float32Array<ArrayBuffer>[] {
    const count = Math.max(0, end - start);
    const all = this.#buffer(count);
    readAll(this.#access, this.#bytes(all, count), start * this.#channels * BYTES);
    return Array.from({ length: this.#channels }, (_, c) => {
      const channel = new Float32Array(count);
      for (let n = 0, i = c; n < count; n++, i += this.#channels) channel[n] = all[i];
      return channel;
    });
  }

  /** Flushes all writes to the disk. */
  flush(): void {
    this.#access.flush();
  }

  /** Closes the file. */
  close(): void {
    this.#access.close();
  }

  #bytes(all: Float32Array<ArrayBuffer>, samples: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(all.buffer, 0, samples * this.#channels * BYTES);
  }

  #buffer(samples: number): Float32Array<ArrayBuffer> {
    const values = samples * this.#channels;
    if (this.#scratch.length < values) this.#scratch = new Float32Array(values);
    return this.#scratch as Float32Array<ArrayBuffer>;
  }
}
