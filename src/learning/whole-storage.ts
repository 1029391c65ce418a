import type { SongStorage, WholeStorage } from '../songs/storage/song-storage.ts';

/**
 * The storage of a song for a section that reads all of it as arrays.
 *
 * @throws Error for a song in files: the page does not open such a section for it (LearningSection.showsLongSongs)
 */
export function wholeStorage(storage: SongStorage): WholeStorage {
  if (!storage.whole) throw new Error('The song is not in memory.');
  return storage as WholeStorage;
}
