import type { SoundingPainting } from '../painting/painting-format.ts';
import type { PendingFacts, PendingSong } from '../pending-file-folders.ts';
import type { SongContent } from '../storage/song-source.ts';
import type { ArchiveEntry } from './archive-entry.ts';
import type { LoadedArchivedSong } from './archive-folders.ts';
import type { ArchivedSong, SongFacts, SongTitle } from './archived-song.ts';

/** How archiving a song went. */
export type KeepOutcome =
  | {
      readonly kind: 'kept';
      readonly song: ArchivedSong;
      /** Size on disk, bytes. */
      readonly bytes: number;
      /** The stored source file. */
      readonly source: Blob | undefined;
    }
  /** No space; nothing of the song is left on disk. */
  | { readonly kind: 'full' }
  /** The browser stores nothing for the page, or failed. */
  | { readonly kind: 'unable'; readonly detail: string };

/** What the worker offers: archive.worker.ts. */
export interface ArchiveEngine {
  /** Undefined if the browser stores nothing for the page. */
  list(): Promise<readonly ArchiveEntry[] | undefined>;
  /** @param content undefined: the samples are already in the files of the song's folder */
  keep(facts: SongFacts, content: SongContent | undefined, source: Blob): Promise<KeepOutcome>;
  load(id: string): Promise<LoadedArchivedSong>;
  remove(id: string): Promise<void>;
  paint(id: string, painting: SoundingPainting): Promise<StoreOutcome>;
  /** Gives a song another name and cover, if it is there. */
  retitle(id: string, title: SongTitle): Promise<void>;
  /** Stores the file of a pending song. */
  keepPending(facts: PendingFacts, file: Blob): Promise<StoreOutcome>;
  /** The pending songs; empty if the browser stores nothing for the page. */
  listPending(): Promise<readonly PendingSong[]>;
  removePending(id: string): Promise<void>;
}

/** How storing a file or a painting went; as KeepOutcome. */
export type StoreOutcome = 'kept' | 'full' | 'unable';
