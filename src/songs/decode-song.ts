import type { AudioData } from '../audio/audio-data.ts';
import type { OpenSongOptions } from '../audio/decode/song-stream.ts';
import { shareAudio } from '../audio/shared-audio.ts';
import { nextTask } from '../core/next-task.ts';
import { type DecodedFacts, MemorySongStorage } from './storage/memory-song-storage.ts';
import type { OpenLongOptions } from './storage/open-long-song.ts';
import type { SongStorage } from './storage/song-storage.ts';

/** What decodes songs. */
export interface SongDecoder {
  readonly decode: (file: Blob, name: string, options?: OpenSongOptions) => Promise<AudioData & DecodedFacts>;
  /**
   * Opens a song that is too long for memory; undefined: the song fits. Without this function, all songs are decoded in
   * memory.
   */
  readonly openLongSong?: (file: Blob, name: string, options: OpenLongOptions) => Promise<SongStorage | undefined>;
}

/** Decodes a song's file: to the disk where it is too long for memory. @throws UnsungError, the signal's reason */
export async function decodeSong(
  file: Blob,
  name: string,
  { decode, openLongSong }: SongDecoder,
  options: OpenLongOptions,
): Promise<SongStorage> {
  const long = await openLongSong?.(file, name, options);
  if (long) return long;
  const { track } = options;
  const decoded = await decode(file, name, { track });
  const { notes, tracks } = decoded;
  return new MemorySongStorage(await shareAudio(decoded, nextTask), undefined, { notes, tracks });
}
