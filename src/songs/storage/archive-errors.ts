import { UnsungError } from '../../core/errors.ts';

/** A kept song that is not there any more, or damaged. */
export function archivedSongGone(options?: ErrorOptions): UnsungError {
  return new UnsungError('archive.song-gone', {}, options);
}
