import type { FileHandle } from 'node:fs/promises';
import type { PcmSource } from '../../src/audio/pcm-source.ts';
import { openTemporaryFile, readAll, writeAll } from './temporary-file.ts';

const BYTES = Float32Array.BYTES_PER_ELEMENT;

/** Decoded sound on disk, one temporary file of 32-bit floats for each channel. Memory does not grow with its length. */
export class TemporaryPcm implements PcmSource {
  readonly sampleRate: number;
  readonly #files: readonly FileHandle[];
  /** Memory of the last read. */
  readonly #scratch: Float32Array[];
  #samples = 0;

  /** @param folder where the files lie: an existing folder on a disk with space */
  static async create(folder: string, sampleRate: number, channels: number): Promise<TemporaryPcm> {
    const files: FileHandle[] = [];
    try {
      while (files.length < channels) files.push(await openTemporaryFile(folder));
    } catch (error) {
      for (const file of files) await file.close();
      throw error;
    }
    return new TemporaryPcm(sampleRate, files);
  }

  private constructor(sampleRate: number, files: readonly FileHandle[]) {
    this.sampleRate = sampleRate;
    this.#files = files;
    this.#scratch = files.map(() => new Float32Array(0));
  }

  get channelCount(): number {
    return this.#files.length;
  }

  get samples(): number {
    return this.#samples;
  }

  /** Appends samples: one array per channel, all of one length. */
  async append(channels: readonly Float32Array[]): Promise<void> {
    for (const [c, file] of this.#files.entries()) await writeAll(file, bytesOf(channels[c]), this.#samples * BYTES);
    this.#samples += channels[0].length;
  }

  async read(start: number, end: number): Promise<readonly Float32Array[]> {
    const count = end - start;
    const channels: Float32Array[] = [];
    for (const [c, file] of this.#files.entries()) {
      if (this.#scratch[c].length < count) this.#scratch[c] = new Float32Array(count);
      const channel = this.#scratch[c].subarray(0, count);
      await readAll(file, bytesOf(channel), start * BYTES);
      channels.push(channel);
    }
    return channels;
  }

  /** Removes the files. */
  async dispose(): Promise<void> {
    for (const file of this.#files) await file.close();
  }
}

function bytesOf(samples: Float32Array): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}
