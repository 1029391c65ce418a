import type { FolderStore } from '../../core/folder-store.ts';
import { archivedSongGone } from '../storage/archive-errors.ts';
import { removeUnkept, sweepLeftOvers, type WhileUnused } from '../storage/left-overs.ts';
import { SONG_FILE, SOURCE_PATH } from '../storage/song-files.ts';
import { type ArchiveEntry, byAge, type Exclusive, inspectFolder, type ReadableEntry } from './archive-entry.ts';
import { type ArchivedSong, describeSong, expectedLongFiles, type SongFacts, songJson } from './archived-song.ts';

/** A kept song that stays on the disk: SongOnDisk reads it there. */
export interface LongArchivedSong {
  readonly song: ArchivedSong;
  readonly source: Blob;
}

/**
 * The songs that are kept where they were made, as they are too long for memory: a folder each, of which song.json makes a
 * kept song. A folder without it is a song that is open somewhere, or left over from a page that was closed.
 */
export class LongArchiveFolders {
  readonly #store: FolderStore;
  readonly #exclusive: Exclusive;
  readonly #whileUnused: WhileUnused;

  constructor(store: FolderStore, exclusive: Exclusive, whileUnused: WhileUnused) {
    this.#store = store;
    this.#exclusive = exclusive;
    this.#whileUnused = whileUnused;
  }

  /** All kept songs, the oldest first; takes away what closed pages have left. */
  list(): Promise<readonly ArchiveEntry[]> {
    return this.#exclusive(async () => {
      await sweepLeftOvers(this.#store, this.#whileUnused);
      const found: ArchiveEntry[] = [];
      for (const id of await this.#store.folders()) {
        const entry = await inspectFolder(this.#store, id, expectedLongFiles);
        if (entry) found.push(entry);
      }
      return byAge(found);
    });
  }

  /**
   * Keeps a song whose samples and spectrograms lie in its folder already, whole, and which the caller has open.
   *
   * @throws whatever the browser throws, a QuotaExceededError where there is no room for the file that it came from; the
   *   song is as it was then
   */
  async keep(facts: SongFacts, source: Blob, now = Date.now()): Promise<ReadableEntry> {
    const { id } = facts;
    try {
      // Under no lock but the song's own: it may be a gigabyte.
      await this.#store.copy(id, SOURCE_PATH, source);
      return await this.#exclusive(async () => {
        await this.#store.write(id, SONG_FILE, songJson(describeSong(facts, expectedLongFiles, now)));
        const entry = await inspectFolder(this.#store, id, expectedLongFiles);
        if (!entry?.song) throw new Error('The browser did not keep what was written.');
        return { ...entry, song: entry.song };
      });
    } catch (error) {
      for (const path of [SONG_FILE, SOURCE_PATH]) await this.#store.removeFile(id, path).catch(() => undefined);
      throw error;
    }
  }

  /** What is known of a song; undefined: it is no song of this shelf. @throws UnsungError where it is damaged */
  load(id: string): Promise<LongArchivedSong | undefined> {
    return this.#exclusive(async () => {
      const entry = await inspectFolder(this.#store, id, expectedLongFiles);
      if (!entry) return undefined;
      const source = await this.#store.file(id, SOURCE_PATH);
      if (!entry.song || !source) throw archivedSongGone();
      return { song: entry.song, source: source.slice(0, source.size, entry.song.source.type) };
    });
  }

  /** Removes a song from the shelf. Where somebody has it open, its files go once it is closed. */
  remove(id: string): Promise<void> {
    return this.#exclusive(async () => {
      await this.#store.removeFile(id, SONG_FILE);
      await this.#whileUnused(id, () => removeUnkept(this.#store, id), 'later');
    });
  }
}
