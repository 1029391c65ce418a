import { songSeconds } from '../../audio/decode/decode.browser.ts';
import { LongSongError } from '../../core/errors.ts';
import { type OpenOptions, OpfsSongStorage } from './opfs-song-storage.ts';

/**
 * Songs of at least this many seconds are kept on disk: 9 minutes, 191 MB decoded, twice that with the vocals. With more
 * in memory, the page would need over 1 GB (`npm run bench -- --memory`).
 */
export const LONG_SECONDS = 540;

/** Longest song in memory if it cannot be kept on disk: 30 minutes, 635 MB, twice that with the vocals. */
const MEMORY_SECONDS = 1800;

export interface OpenLongOptions extends OpenOptions {
  /** Called if the disk has no space for the song. @returns whether space was freed, so that opening is tried again */
  readonly freeSpace?: () => Promise<boolean>;
}

/**
 * Opens a song on disk if it is long.
 *
 * @param longFrom seconds from which a song is long
 * @returns undefined for a song that memory can take: a short one, or one of up to half an hour for which the disk has no
 *   space
 * @throws AudioDecodeError, LongSongError, the signal's reason
 */
export async function openLongSong(
  file: Blob,
  name: string,
  { freeSpace, ...options }: OpenLongOptions,
  longFrom = LONG_SECONDS,
): Promise<OpfsSongStorage | undefined> {
  const seconds = await songSeconds(file, name, { track: options.track });
  if (seconds === undefined || seconds < longFrom) return undefined;
  try {
    return await OpfsSongStorage.open(file, name, options);
  } catch (error) {
    if (error instanceof LongSongError && error.code === 'long-song.no-space' && (await freeSpace?.())) {
      return openLongSong(file, name, options, longFrom);
    }
    if (seconds <= MEMORY_SECONDS && error instanceof LongSongError) return undefined;
    throw error;
  }
}
