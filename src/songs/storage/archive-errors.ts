import { UnsungError } from '../../core/errors.ts';

/** A kept song that is not there any more, or damaged. */
export function archivedSongGone(options?: ErrorOptions): UnsungError {
  return new UnsungError(
    'This kept song can no longer be read.',
    'Remove it from the list, and open its file again to separate it anew.',
    options,
  );
}
