import type { ByteSink } from '../../audio/encode/byte-sink.ts';
import { safeFolderName } from '../../audio/encode/file-names.ts';
import { type AudioShape, type ExportFormat, estimatedBytes } from '../../audio/encode/formats.ts';
import { createZip } from '../../audio/encode/zip.ts';
import type { SongTags } from '../../audio/tags/song-tags.ts';
import { ExportError } from '../../core/errors.ts';
import type { SongSource } from '../../songs/storage/song-source.ts';
import { addStems, type TemporaryFile } from './run-export.ts';

/** The stems of several songs, to be saved as one ZIP with a folder a song. */
export interface BatchRequest {
  readonly format: ExportFormat;
  /** The songs in the order of the list: names without extension, and the shape of their sound. */
  readonly songs: readonly BatchEntry[];
}

export interface BatchEntry extends AudioShape {
  readonly name: string;
}

/** What saving several songs works with. */
export interface BatchSetting {
  /**
   * Opens a song by its index in `songs`; the one opened before is no longer read. Undefined: the song is gone and left
   * out.
   */
  readonly open: (index: number) => Promise<{ readonly source: SongSource; readonly tags: SongTags } | undefined>;
  readonly sink: ByteSink;
  /** Creates a temporary file for a stem of about `bytes` bytes before it goes into the ZIP. */
  readonly temporary: (bytes: number) => Promise<TemporaryFile>;
  readonly signal: AbortSignal;
  /** Receives the finished part, 0 to 1. */
  readonly onProgress?: (part: number) => void;
}

/** The result, by the songs' indices in the request. */
export interface BatchResult {
  /** Songs in the ZIP. */
  readonly saved: readonly number[];
  /** Songs that were made quieter to avoid clipping. */
  readonly quieter: readonly number[];
}

/**
 * Saves the stems of several songs, one song after the other: no more than one is in memory.
 *
 * @throws ExportError when the encoder or the sink fails, or the ZIP would be too large; the signal's reason. The sink is
 *   aborted then.
 */
export async function runBatchExport(request: BatchRequest, setting: BatchSetting): Promise<BatchResult> {
  try {
    return await makeZip(request, setting);
  } catch (error) {
    await setting.sink.abort().catch(() => undefined);
    throw error;
  }
}

async function makeZip({ format, songs }: BatchRequest, setting: BatchSetting): Promise<BatchResult> {
  const { sink, signal, temporary } = setting;
  const zip = createZip(sink, new Date());
  const folders = folderNames(songs.map(({ name }) => name));
  const total = songs.reduce((sum, { samples }) => sum + samples, 0);
  const saved: number[] = [];
  const quieter: number[] = [];
  let before = 0;
  for (const [index, song] of songs.entries()) {
    signal.throwIfAborted();
    const opened = await setting.open(index);
    signal.throwIfAborted();
    if (opened) {
      const { gain } = await addStems(
        zip,
        `${folders[index]}/`,
        { format, name: song.name },
        {
          ...opened,
          signal,
          temporary: () => temporary(estimatedBytes(format, song)),
          onProgress: (part) => setting.onProgress?.((before + part * song.samples) / total),
        },
      );
      saved.push(index);
      if (gain !== 1) quieter.push(index);
    }
    before += song.samples;
  }
  // An empty ZIP would be useless.
  if (saved.length === 0) {
    throw new ExportError('export.songs-gone');
  }
  await zip.finish();
  setting.onProgress?.(1);
  return { saved, quieter };
}

/** A unique folder name for each song; equal names, ignoring case, get a number. */
export function folderNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let folder = safeFolderName(name);
    for (let n = 2; taken.has(folder.toLowerCase()); n++) folder = safeFolderName(name, ` (${n})`);
    taken.add(folder.toLowerCase());
    return folder;
  });
}

/** Estimated size of the ZIP, bytes. */
export function batchBytes({ format, songs }: BatchRequest): number {
  return songs.reduce((sum, song) => sum + 2 * estimatedBytes(format, song), 0);
}

/** Name of the ZIP. */
export function batchFileName(songs: number): string {
  return `Unsung - ${songs} ${songs === 1 ? 'song' : 'songs'} (Stems).zip`;
}
