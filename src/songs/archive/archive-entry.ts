import type { FolderStore } from '../../model/folder-store.ts';
import { type ExpectedFiles, type KeptSong, parseKeptSong } from './kept-song.ts';
import { SONG_FILE } from './song-files.ts';

/** A folder on the shelf: a song, or one that this version cannot read. */
export interface ShelfEntry {
  readonly id: string;
  /** Undefined: it is damaged, or of another version. */
  readonly song?: KeptSong;
  /** What it takes of the disk. */
  readonly bytes: number;
}

/** One that can be read. */
export type KeptEntry = ShelfEntry & { readonly song: KeptSong };

/** Runs `act` while no other page or worker runs one of its own. */
export type Exclusive = <T>(act: () => Promise<T>) => Promise<T>;

/** A description is a few kilobytes. */
const MOST_JSON_BYTES = 1_000_000;

/** What a folder holds; undefined where its writing did not end. */
export async function inspectFolder(
  store: FolderStore,
  id: string,
  expected: ExpectedFiles,
): Promise<ShelfEntry | undefined> {
  const sizes = await store.sizes(id);
  const length = sizes.get(SONG_FILE);
  if (length === undefined) return undefined;
  const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  if (length > MOST_JSON_BYTES) return { id, bytes };
  const song = parseKeptSong(new TextDecoder().decode(await store.read(id, SONG_FILE)), expected);
  const whole = song?.id === id && song.files.every((file) => sizes.get(file.path) === file.bytes);
  return whole ? { id, song, bytes: bytes - length } : { id, bytes };
}

/** The oldest first. */
export function byAge(entries: readonly ShelfEntry[]): readonly ShelfEntry[] {
  return [...entries].sort((a, b) => (a.song?.keptAt ?? 0) - (b.song?.keptAt ?? 0));
}
