import type { FolderStore } from '../../core/folder-store.ts';
import { SONG_FILE, TITLE_FILE } from '../storage/song-files.ts';
import { type ArchivedSong, parseArchivedSong, parseTitle } from './archived-song.ts';

/** A folder of the archive: a song, or one that this version cannot read. */
export interface ArchiveEntry {
  readonly id: string;
  /** Undefined: it is damaged, or of another version. */
  readonly song?: ArchivedSong;
  /** Size on disk, bytes. */
  readonly bytes: number;
}

/** One that can be read. */
export type ReadableEntry = ArchiveEntry & { readonly song: ArchivedSong };

/** Runs `act` while no other page or worker runs one of its own. */
export type Exclusive = <T>(act: () => Promise<T>) => Promise<T>;

/** A description is a few kilobytes. */
const MAX_JSON_BYTES = 1_000_000;

/** Content of a folder; undefined if its writing did not finish. */
export async function inspectFolder(store: FolderStore, id: string): Promise<ArchiveEntry | undefined> {
  const sizes = await store.sizes(id);
  const length = sizes.get(SONG_FILE);
  if (length === undefined) return undefined;
  const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  if (length > MAX_JSON_BYTES) return { id, bytes };
  const song = parseArchivedSong(text(await store.read(id, SONG_FILE)));
  const whole = song?.id === id && song.files.every((file) => sizes.get(file.path) === file.bytes);
  if (!whole) return { id, bytes };
  const title = sizes.has(TITLE_FILE) ? parseTitle(text(await store.read(id, TITLE_FILE))) : undefined;
  return { id, song: { ...song, ...title }, bytes: bytes - length };
}

const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

/** The oldest first. */
export function byAge(entries: readonly ArchiveEntry[]): readonly ArchiveEntry[] {
  return [...entries].sort((a, b) => (a.song?.keptAt ?? 0) - (b.song?.keptAt ?? 0));
}
