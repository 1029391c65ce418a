import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ByteSink } from '../../src/audio/encode/byte-sink.ts';
import { openTemporaryFile, writeAll } from './temporary-file.ts';

/** Stands for standard input or standard output on a command line. */
export const STANDARD = '-';

/** A file with the bytes of standard input. */
export interface InputFile {
  readonly path: string;
  /** Removes the file. */
  dispose(): Promise<void>;
}

/**
 * Copies standard input to a temporary file: containers are read at any place. Its name is what messages call it.
 * @throws the signal's reason when it fires
 */
export async function saveStandardInput(signal: AbortSignal): Promise<InputFile> {
  const folder = await mkdtemp(join(tmpdir(), 'unsung-'));
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const path = join(folder, 'standard input');
  try {
    await pipeline(process.stdin, createWriteStream(path), { signal });
  } catch (error) {
    await dispose();
    throw error;
  }
  return { path, dispose };
}

/**
 * A file for standard output. Encoders write their header last, and a pipe cannot go back: the file is completed in a
 * temporary one, and `close` copies it.
 */
export async function standardOutputSink(): Promise<ByteSink> {
  const file = await openTemporaryFile(tmpdir());
  return {
    write: (data, position) => writeAll(file, data, position),
    close: () => pipeline(file.createReadStream({ start: 0 }), process.stdout),
    abort: () => file.close(),
  };
}
