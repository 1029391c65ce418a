import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { type AudioFile, createAudioFile } from '../../src/audio/encode/audio-file.ts';
import type { ByteSink } from '../../src/audio/encode/byte-sink.ts';
import type { AudioShape, ExportFormat } from '../../src/audio/encode/formats.ts';
import type { SongTags } from '../../src/audio/tags/song-tags.ts';

/** A stem that is written piece by piece, under a temporary name until it is complete. */
export interface StemFile {
  /** Appends samples: one array per channel, all of one length. */
  write(channels: readonly Float32Array[]): Promise<void>;
  /** Completes the file and gives it its final name. */
  finish(): Promise<void>;
  /** Removes the unfinished file; does nothing after `finish`. */
  discard(): Promise<void>;
  /** The largest absolute sample so far. */
  readonly peak: () => number;
}

/**
 * Starts a file of `shape.samples` samples in each channel.
 * @throws ExportError when the encoder does not start or the disk is full
 */
export async function createStemFile(
  path: string,
  format: ExportFormat,
  shape: AudioShape,
  tags: SongTags,
): Promise<StemFile> {
  const sink = await fileSink(path);
  let file: AudioFile;
  try {
    file = await createAudioFile(sink, format, shape, tags);
  } catch (error) {
    await sink.abort();
    throw error;
  }
  let written = 0;
  let peak = 0;
  let isOpen = true;
  return {
    async write(channels) {
      written += channels[0].length;
      for (const channel of channels) for (const value of channel) peak = Math.max(peak, Math.abs(value));
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
    peak: () => peak,
  };
}

/** Writes a file under a temporary name; `close` gives it its own. */
export async function fileSink(path: string): Promise<ByteSink> {
  const partial = `${path}.part`;
  const file: FileHandle = await open(partial, 'w');
  return {
    async write(data, position) {
      await file.write(data, 0, data.length, position);
    },
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
