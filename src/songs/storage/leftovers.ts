import type { FolderStore } from '../../core/folder-store.ts';
import { SONG_FILE } from './song-files.ts';

/**
 * Runs `act` on a song's folder while nobody has the song open, and nobody can open it: see long-song-folder.ts.
 *
 * @param otherwise what to do where somebody has: nothing, or `act` once everybody has let go
 */
export type WhileUnused = (id: string, act: () => Promise<void>, otherwise: 'leave' | 'later') => Promise<void>;

/** Takes away what is neither kept nor open anywhere. */
export async function sweepLeftovers(store: FolderStore, whileUnused: WhileUnused): Promise<void> {
  for (const id of await store.folders()) await whileUnused(id, () => removeUnkept(store, id), 'leave');
}

/** Takes a song's folder away, unless the song is kept. For one that nobody has open. */
export async function removeUnkept(store: FolderStore, id: string): Promise<void> {
  if (await store.file(id, SONG_FILE)) return;
  await store.remove(id);
}
