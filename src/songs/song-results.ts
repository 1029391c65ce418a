import { type MadeWith, madeWithOf, type SongEntry, storageOf } from './song-entry.ts';
import type { SongsState } from './songs-state.ts';

/** One separation of a song of which there are several. */
export interface SongResult {
  /** Of its entry in the list. */
  readonly id: string;
  readonly madeWith: MadeWith;
  /** It is separated whole: it can be compared. */
  readonly complete: boolean;
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
