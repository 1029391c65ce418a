import { type ByteSink, writeFault } from '../audio/encode/byte-sink.ts';

/** Bytes that are passed to the sink at a time. */
const BUFFER_BYTES = 1 << 20;

/** Writes a file from its beginning to its end; parts that are known later are patched. */
export class SinkWriter {
  readonly #sink: ByteSink;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #filled = 0;
  #flushed = 0;

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  /** Bytes written so far. */
  get position(): number {
    return this.#flushed + this.#filled;
  }

  /** @throws ExportError if the sink fails */
  async write(data: Uint8Array): Promise<void> {
    for (let at = 0; at < data.length; ) {
      const part = data.subarray(at, at + BUFFER_BYTES - this.#filled);
      this.#buffer.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === BUFFER_BYTES) await this.#flush();
    }
  }

  /** Overwrites bytes that were written before. @throws ExportError if the sink fails */
  async patch(data: Uint8Array, position: number): Promise<void> {
    await this.#flush();
    await this.#put(data, position);
  }

  /** Completes the file. @throws ExportError if the sink fails */
  async close(): Promise<void> {
    await this.#flush();
    await this.#sink.close().catch((cause: unknown) => {
      throw writeFault(cause);
    });
  }

  async #flush(): Promise<void> {
    if (this.#filled === 0) return;
    const data = this.#buffer.subarray(0, this.#filled);
    this.#filled = 0;
    await this.#put(data, this.#flushed);
    this.#flushed += data.length;
  }

  async #put(data: Uint8Array, position: number): Promise<void> {
    try {
      await this.#sink.write(data, position);
    } catch (cause) {
      throw writeFault(cause);
    }
  }
}
