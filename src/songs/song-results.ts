import { type MadeWith, madeWithOf, type SongEntry, storageOf } from './song-entry.ts';
import type { SongsState } from './songs-state.ts';
import type { WholeStorage } from './storage/song-storage.ts';

/** One separation of a song of which there are several. */
export interface SongResult {
  /** Of its entry in the list. */
  readonly id: string;
  readonly madeWith: MadeWith;
  /** It is separated whole: it can be compared. */
  readonly complete: boolean;
}

/** A separation of the same track of the same file whose samples are in memory, so that its original can be shared. */
export function inMemoryOf(songs: Iterable<SongEntry>, song: SongEntry): WholeStorage | undefined {
  if (!('sourceId' in song)) return undefined;
  for (const other of songs) {
    if (!('sourceId' in other) || other.sourceId !== song.sourceId || other.track !== song.track) continue;
    const storage = storageOf(other);
    if (other.id !== song.id && storage?.whole) return storage as WholeStorage;
  }
  return undefined;
}

/**
 * The separations of the open song that can be heard in its place, the open one included, in the order of the list: of
 * the same track of the same file, with the same sample rate, length and channels.
 */
export function resultsOf({ rows, open }: Pick<SongsState, 'rows' | 'open'>): readonly SongResult[] {
  if (!open) return [];
  const { sampleRate, channels, samples } = open.storage;
  const isResult = (song: SongEntry) => {
    if (!('sourceId' in song) || song.sourceId !== open.song.sourceId || song.track !== open.song.track) return false;
    if (song.kind === 'elsewhere' || (song.kind !== 'done' && !storageOf(song))) return false;
    const { shape } = song;
    return shape?.sampleRate === sampleRate && shape.channels === channels && shape.samples === samples;
  };
  return rows.flatMap(({ song }) => {
    const madeWith = madeWithOf(song);
    if (!madeWith || !isResult(song)) return [];
    return [{ id: song.id, madeWith, complete: song.kind === 'done' }];
  });
}
