import { LongSongError } from '../../core/errors.ts';

/** Most samples of one channel: the mixer counts positions with 32 bits. 13.5 hours at 44.1 kHz. */
export const MAX_SAMPLES = 2 ** 31 - 1;

const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);

/** The browser gives less space than the song needs, bytes. */
export function noSpace(name: string, needed: number, free: number, options?: ErrorOptions): LongSongError {
  const values = { name, needed: gigabytes(needed), free: gigabytes(Math.max(0, free)) };
  return new LongSongError('long-song.no-space', values, options);
}

/** There is no file system for the page. */
export function noDisk(name: string, options?: ErrorOptions): LongSongError {
  return new LongSongError('long-song.no-disk', { name }, options);
}

/** The song has more than MAX_SAMPLES samples. */
export function tooLong(name: string): LongSongError {
  return new LongSongError('long-song.too-long', { name });
}

/** The error for a failed read or write. */
export function diskFault(name: string, needed: number, cause: unknown): LongSongError {
  if (cause instanceof LongSongError) return cause;
  if ((cause as Error | undefined)?.name === 'QuotaExceededError') return noSpace(name, needed, 0, { cause });
  return new LongSongError('long-song.disk', { name }, { cause });
}
