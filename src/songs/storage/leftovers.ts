import type { FolderStore } from '../../core/folder-store.ts';
import { SONG_FILE } from './song-files.ts';

/**
 * Runs `act` on a song's folder while no page has the song open or can open it: see long-song-folder.ts.
 *
 * @param otherwise if a page has it open: do nothing, or run `act` after it is closed
 */
export type WhileUnused = (id: string, act: () => Promise<void>, otherwise: 'leave' | 'later') => Promise<void>;

/** Deletes folders of songs that are neither archived nor open anywhere. */
export async function sweepLeftovers(store: FolderStore, whileUnused: WhileUnused): Promise<void> {
  for (const id of await store.folders()) await whileUnused(id, () => removeUnkept(store, id), 'leave');
}

/** Deletes a song's folder, unless the song is archived. Call it only while no page has the song open. */
export async function removeUnkept(store: FolderStore, id: string): Promise<void> {
  if (await store.file(id, SONG_FILE)) return;
  await store.remove(id);
}
