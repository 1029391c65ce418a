import { Zip, ZipPassThrough } from 'fflate';
import { ExportError } from '../../core/errors.ts';
import { type ByteSink, writeFault } from './byte-sink.ts';

/** A ZIP file that is written piece by piece. */
export interface ZipFile {
  /** Appends a file, stored as it is: sound does not pack. */
  add(name: string, content: AsyncIterable<Uint8Array>): Promise<void>;
  /** Ends the ZIP and makes it last. */
  finish(): Promise<void>;
}

/** The 32 bits of the original ZIP format; fflate writes no ZIP64. Room is left for the directory. */
const LARGEST = 0xffffffff - 65536;

/**
 * Begins a ZIP file. Nothing is kept but the directory.
 * @param largest bytes that it may have
 * @throws ExportError when it would be larger than 4 GiB, or the sink fails
 */
export function createZip(sink: ByteSink, modified: Date, largest = LARGEST): ZipFile {
  let position = 0;
  let waiting: Uint8Array[] = [];
  let failure: unknown;
  const zip = new Zip((error, data) => {
    if (error) failure = error;
    else waiting.push(data);
  });
  const flush = async (): Promise<void> => {
    if (failure) throw writeFault(failure);
    const ready = waiting;
    waiting = [];
    for (const data of ready) {
      if (position + data.length > largest) throw new ExportError('export.zip-too-large');
      try {
        await sink.write(data, position);
      } catch (cause) {
        throw writeFault(cause);
      }
      position += data.length;
    }
  };
  return {
    async add(name, content) {
      const entry = new ZipPassThrough(name);
      entry.mtime = modified;
      zip.add(entry);
      for await (const piece of content) {
        entry.push(piece, false);
        await flush();
      }
      entry.push(new Uint8Array(0), true);
      await flush();
    },
    async finish() {
      zip.end();
      await flush();
      await sink.close().catch((cause: unknown) => {
        throw writeFault(cause);
      });
    },
  };
}
