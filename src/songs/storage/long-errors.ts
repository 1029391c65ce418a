import { LongSongError } from '../../core/errors.ts';

/** Most samples of one channel: positions are counted with 32 bits where the song is mixed. 13.5 hours at 44.1 kHz. */
export const MAX_SAMPLES = 2 ** 31 - 1;

const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);

/** The browser gives less room than the song needs, bytes. */
export function noRoom(name: string, needed: number, free: number, options?: ErrorOptions): LongSongError {
  const values = { name, needed: gigabytes(needed), free: gigabytes(Math.max(0, free)) };
  return new LongSongError(
    `“${name}” needs ${values.needed} GB on the disk; the browser has ${values.free} GB left for this page.`,
    'Make room on the disk, remove kept songs, or open a part of it. Nothing is lost.',
    { ...options, fault: 'no-room', values },
  );
}

/** There is no file system for the page. */
export function noDisk(name: string, options?: ErrorOptions): LongSongError {
  return new LongSongError(
    `“${name}” is too long for the memory, and this browser gives the page no room on the disk.`,
    'Open it in a window that is not private, in a current Chrome, Edge, Firefox or Safari, or open a part of it.',
    { ...options, fault: 'no-disk', values: { name } },
  );
}

/** Longer than the page can count. */
export function tooLong(name: string): LongSongError {
  return new LongSongError(
    `“${name}” is longer than 13 hours.`,
    'Cut it into parts with an audio editor, and open them one by one.',
    { fault: 'too-long', values: { name } },
  );
}

/** A write or read that failed: what the file system threw, as a sentence. */
export function diskFault(name: string, needed: number, cause: unknown): LongSongError {
  if (cause instanceof LongSongError) return cause;
  if ((cause as Error | undefined)?.name === 'QuotaExceededError') return noRoom(name, needed, 0, { cause });
  return new LongSongError(
    `The disk refused what was to be kept of “${name}”.`,
    'Open it again. What is separated so far can still be played and saved.',
    { cause, fault: 'disk', values: { name } },
  );
}
