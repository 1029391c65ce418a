import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type AudioFile, createAudioFile } from '../../src/audio/encode/audio-file.ts';
import type { ByteSink } from '../../src/audio/encode/byte-sink.ts';
import type { AudioShape, ExportFormat } from '../../src/audio/encode/formats.ts';
import type { SongTags } from '../../src/audio/tags/song-tags.ts';
import { STANDARD, standardOutputSink } from './standard-streams.ts';
import { PARTIAL, writeAll } from './temporary-file.ts';

/** A stem that is written piece by piece, under a temporary name until it is complete. */
export interface StemFile {
  /** Appends samples: one array per channel, all of one length. */
  write(channels: readonly Float32Array[]): Promise<void>;
  /** Completes the file and gives it its final name. */
  finish(): Promise<void>;
  /** Removes the unfinished file; does nothing after `finish`. */
  discard(): Promise<void>;
}

/**
 * Starts a file of `shape.samples` samples in each channel. Its folder is created if missing.
 * @param path of the file; `-`: standard output
 * @throws ExportError when the encoder does not start or the disk is full
 */
export async function createStemFile(
  path: string,
  format: ExportFormat,
  shape: AudioShape,
  tags: SongTags,
): Promise<StemFile> {
  const sink = path === STANDARD ? await standardOutputSink() : await fileSink(path);
  let file: AudioFile;
  try {
    file = await createAudioFile(sink, format, shape, tags);
  } catch (error) {
    await sink.abort();
    throw error;
  }
  let written = 0;
  let isOpen = true;
  return {
    async write(channels) {
      written += channels[0].length;
      await file.write(channels);
    },
    async finish() {
      if (written !== shape.samples) throw new Error(`${written} of ${shape.samples} samples were written to ${path}.`);
      await file.finish();
      isOpen = false;
    },
    async discard() {
      if (!isOpen) return;
      isOpen = false;
      await file.cancel();
    },
  };
}

/** Writes a file under a temporary name; `close` gives it its own. Its folder is created if missing. */
export async function fileSink(path: string): Promise<ByteSink> {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}${PARTIAL}`;
  const file = await open(partial, 'w');
  return {
    write: (data, position) => writeAll(file, data, position),
    async close() {
      await file.close();
      await rename(partial, path);
    },
    async abort() {
      await file.close();
      await rm(partial, { force: true });
    },
  };
}
