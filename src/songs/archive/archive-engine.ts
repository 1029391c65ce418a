import type { SoundingPainting } from '../painting/painting-format.ts';
import type { PendingFacts, PendingSong } from '../pending-file-folders.ts';
import type { SongContent } from '../storage/song-source.ts';
import type { ArchiveEntry } from './archive-entry.ts';
import type { LoadedSong } from './archive-folders.ts';
import type { ArchivedSong, SongFacts } from './archived-song.ts';

/** How keeping a song went. */
export type KeepOutcome =
  | {
      readonly kind: 'kept';
      readonly song: ArchivedSong;
      /** What it takes of the disk. */
      readonly bytes: number;
      /** The file that it came from, where it is kept. */
      readonly source: Blob | undefined;
    }
  /** No room; nothing of it is left. */
  | { readonly kind: 'full' }
  /** The browser lets the page keep nothing, or broke off. */
  | { readonly kind: 'unable'; readonly detail: string };

/** What the worker offers: archive.worker.ts. */
export interface ArchiveEngine {
  /** Undefined where the browser lets the page keep nothing. */
  list(): Promise<readonly ArchiveEntry[] | undefined>;
  /** @param content undefined: it lies in the files of the song's folder already */
  keep(facts: SongFacts, content: SongContent | undefined, source: Blob): Promise<KeepOutcome>;
  load(id: string): Promise<LoadedSong>;
  remove(id: string): Promise<void>;
  paint(id: string, painting: SoundingPainting): Promise<StoreOutcome>;
  /** Keeps the file of a song that waits. */
  keepPending(facts: PendingFacts, file: Blob): Promise<StoreOutcome>;
  /** The songs that wait; nothing where the browser lets the page keep nothing. */
  listPending(): Promise<readonly PendingSong[]>;
  removePending(id: string): Promise<void>;
}

/** How keeping a file, or a painting, went; as KeepOutcome. */
export type StoreOutcome = 'kept' | 'full' | 'unable';
