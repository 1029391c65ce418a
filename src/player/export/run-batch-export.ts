import type { ByteSink } from '../../audio/encode/byte-sink.ts';
import { safeFolderName } from '../../audio/encode/file-names.ts';
import { type AudioShape, type ExportFormat, estimatedBytes } from '../../audio/encode/formats.ts';
import type { SongTags } from '../../audio/encode/tags.ts';
import { createZip } from '../../audio/encode/zip.ts';
import { ExportError } from '../../core/errors.ts';
import type { SongSource } from '../../songs/storage/song-source.ts';
import { addStems, type TemporaryFile } from './run-export.ts';

/** The stems of several songs, to be saved as one ZIP with a folder a song. */
export interface BatchOrder {
  readonly format: ExportFormat;
  /** The songs in their order: names without an ending, and what is known of their sound. */
  readonly songs: readonly BatchEntry[];
}

export interface BatchEntry extends AudioShape {
  readonly name: string;
}

/** What saving several songs works with. */
export interface BatchSetting {
  /** Brings one song, by its place in the order, into reach; what was opened before is not read any more. Undefined: it is gone, and left out. */
  readonly open: (index: number) => Promise<{ readonly source: SongSource; readonly tags: SongTags } | undefined>;
  readonly sink: ByteSink;
  /** Makes a file for a stem of about so many bytes on its way into the ZIP. */
  readonly temporary: (bytes: number) => Promise<TemporaryFile>;
  readonly signal: AbortSignal;
  /** Receives the finished part, 0 to 1. */
  readonly onProgress?: (part: number) => void;
}

/** How it went, by the songs' places in the order. */
export interface BatchResult {
  /** What is in the ZIP. */
  readonly saved: readonly number[];
  /** What was made quieter, so that nothing is cut off. */
  readonly quieter: readonly number[];
}

/**
 * Saves the stems of several songs, one song after the other: no more than one is in memory.
 *
 * @throws ExportError when the encoder or the sink fails, or the ZIP would be too large; the signal's reason. The sink is
 *   aborted then.
 */
export async function runBatchExport(order: BatchOrder, setting: BatchSetting): Promise<BatchResult> {
  try {
    return await makeZip(order, setting);
  } catch (error) {
    await setting.sink.abort().catch(() => undefined);
    throw error;
  }
}

async function makeZip({ format, songs }: BatchOrder, setting: BatchSetting): Promise<BatchResult> {
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
  // An empty ZIP is of no use.
  if (saved.length === 0) {
    throw new ExportError('export.songs-gone');
  }
  await zip.finish();
  setting.onProgress?.(1);
  return { saved, quieter };
}

/** A folder's name for each song; alike names, also for systems that take capitals for small letters, are counted. */
export function folderNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let folder = safeFolderName(name);
    for (let n = 2; taken.has(folder.toLowerCase()); n++) folder = safeFolderName(name, ` (${n})`);
    taken.add(folder.toLowerCase());
    return folder;
  });
}

/** About how large the ZIP will be, bytes. */
export function batchBytes({ format, songs }: BatchOrder): number {
  return songs.reduce((sum, song) => sum + 2 * estimatedBytes(format, song), 0);
}

/** Name of the ZIP. */
export function batchFileName(songs: number): string {
  return `Unsung - ${songs} ${songs === 1 ? 'song' : 'songs'} (Stems).zip`;
}
