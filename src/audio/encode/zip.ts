import { Zip, ZipPassThrough } from 'fflate';
import { ExportError } from '../../core/errors.ts';
import { type ByteSink, writeFault } from './byte-sink.ts';

/** A ZIP file that is written piece by piece. */
export interface ZipFile {
  /** Appends a file without compression: sound hardly compresses. */
  add(name: string, content: AsyncIterable<Uint8Array>): Promise<void>;
  /** Completes the ZIP file. */
  finish(): Promise<void>;
}

/** Maximum size in the original ZIP format (32 bits; fflate writes no ZIP64), less room for the directory. */
const MAX_BYTES = 0xffffffff - 65536;

/**
 * Begins a ZIP file. Only the directory is kept in memory.
 *
 * @param maxBytes maximum size of the file
 * @throws ExportError if it would be larger, or the sink fails
 */
export function createZip(sink: ByteSink, modified: Date, maxBytes = MAX_BYTES): ZipFile {
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
      if (position + data.length > maxBytes) throw new ExportError('export.zip-too-large');
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
