import type { AudioData } from '../audio/audio-data.ts';
import { shareAudio } from '../audio/shared-audio.ts';
import { nextTask } from '../core/next-task.ts';
import { MemorySongStorage } from './storage/memory-song-storage.ts';
import type { OpenLongOptions } from './storage/open-long-song.ts';
import type { SongStorage } from './storage/song-storage.ts';

/** What decodes songs. */
export interface SongDecoder {
  readonly decode: (bytes: ArrayBuffer, name: string) => Promise<AudioData>;
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
  return long ?? new MemorySongStorage(await decodeToMemory(file, name, decode));
}

/** A separate function, so that the browser's buffer (200 MB for ten minutes) can be freed after the copy. */
async function decodeToMemory(file: Blob, name: string, decode: SongDecoder['decode']): Promise<AudioData> {
  return await shareAudio(await decode(await file.arrayBuffer(), name), nextTask);
}
