import { isSameModel, isSameQuality } from '../separation/model-choice.ts';
import type { SeparationClient } from '../separation/separation-client.ts';
import type { FileKeys } from './file-key.ts';
import { type DamagedSong, madeWithOf, type SongEntry } from './song-entry.ts';

/** A song whose file is known. */
export type KnownSong = Exclude<SongEntry, DamagedSong>;

/**
 * The first of `others` that came from the same track of the same file and is, or will be, made with the same model at
 * the same quality.
 */
export async function sameSong(
  song: KnownSong,
  { model, quality }: Pick<SeparationClient, 'model' | 'quality'>,
  others: readonly SongEntry[],
  keys: Pick<FileKeys, 'known'>,
): Promise<KnownSong | undefined> {
  const key = await keys.known(song.sourceId);
  if (!key) return undefined;
  for (const other of others) {
    if (other.kind === 'damaged' || other.track !== song.track) continue;
    const madeWith = madeWithOf(other);
    if (!isSameModel(madeWith?.model ?? model, model) || !isSameQuality(madeWith?.quality, quality)) continue;
    if ((await keys.known(other.sourceId)) === key) return other;
  }
  return undefined;
}
