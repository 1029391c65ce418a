/** What is used of a FileSystemSyncAccessHandle. */
export interface AccessHandle {
  read(buffer: Uint8Array, options: { at: number }): number;
  write(buffer: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
  close(): void;
}

const BYTES = Float32Array.BYTES_PER_ELEMENT;

/**
 * Samples in a file: 32-bit floating point as the processor has them, channels interleaved, no head. Where nothing was
 * written there is silence.
 */
export class DiskPcm {
  readonly #access: AccessHandle;
  readonly #channels: number;
  #scratch = new Float32Array(0);

  constructor(access: AccessHandle, channels: number) {
    this.#access = access;
    this.#channels = channels;
  }

  /** Takes the room for so many samples of each channel, so that it cannot be missing later. @throws DOMException */
  reserve(samples: number): void {
    this.#access.truncate(samples * this.#channels * BYTES);
  }

  /** Writes samples from `start` on. @throws DOMException, QuotaExceededError where the disk takes no more */
  write(start: number, channels: readonly Float32Array[]): void {
    const count = channels[0].length;
    const all = this.#buffer(count);
    for (let c = 0; c < this.#channels; c++) {
      const channel = channels[Math.min(c, channels.length - 1)];
      for (let n = 0, i = c; n < count; n++, i += this.#channels) all[i] = channel[n];
    }
    const bytes = new Uint8Array(all.buffer, 0, count * this.#channels * BYTES);
    const at = start * this.#channels * BYTES;
    for (let done = 0; done < bytes.length; ) {
      const written = this.#access.write(bytes.subarray(done), { at: at + done });
      if (!(written > 0)) throw new DOMException('Nothing more can be written.', 'QuotaExceededError');
      done += written;
    }
  }

  /** Samples [start, end) in arrays of their own; zeros behind the file's end. */
  read(start: number, end: number): Float32Array<ArrayBuffer>[] {
    const count = Math.max(0, end - start);
    const all = this.#buffer(count);
    const bytes = new Uint8Array(all.buffer, 0, count * this.#channels * BYTES);
    const at = start * this.#channels * BYTES;
    let done = 0;
    while (done < bytes.length) {
      const got = this.#access.read(bytes.subarray(done), { at: at + done });
      if (!(got > 0)) break;
      done += got;
    }
    bytes.fill(0, done);
    return Array.from({ length: this.#channels }, (_, c) => {
      const channel = new Float32Array(count);
      for (let n = 0, i = c; n < count; n++, i += this.#channels) channel[n] = all[i];
      return channel;
    });
  }

  /** Gives the file back. */
  close(): void {
    this.#access.close();
  }

  #buffer(samples: number): Float32Array<ArrayBuffer> {
    const values = samples * this.#channels;
    if (this.#scratch.length < values) this.#scratch = new Float32Array(values);
    return this.#scratch as Float32Array<ArrayBuffer>;
  }
}
