import type { Painting } from '../painting/painting-format.ts';
import type { PendingFacts, PendingSong } from '../pending-file-folders.ts';
import type { ArchiveEntry } from './archive-entry.ts';
import type { LoadedSong, SongContent } from './archive-folders.ts';
import type { ArchivedSong, SongFacts } from './archived-song.ts';
import type { LongArchivedSong } from './long-archive-folders.ts';

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

/** What the worker offers: shelf.worker.ts. */
export interface ArchiveEngine {
  /** Undefined where the browser lets the page keep nothing. */
  list(): Promise<readonly ArchiveEntry[] | undefined>;
  keep(facts: SongFacts, content: SongContent, source: Blob): Promise<KeepOutcome>;
  /** Keeps a song whose numbers lie on the disk already: see LongArchiveFolders. */
  keepLong(facts: SongFacts, source: Blob): Promise<KeepOutcome>;
  load(id: string): Promise<LoadedSong | LongArchivedSong>;
  remove(id: string): Promise<void>;
  paint(id: string, painting: Painting, vocals: readonly Float32Array[]): Promise<StowOutcome>;
  /** Keeps the file of a song that waits. */
  stow(facts: PendingFacts, file: Blob): Promise<StowOutcome>;
  /** The songs that wait; nothing where the browser lets the page keep nothing. */
  waiting(): Promise<readonly PendingSong[]>;
  unstow(id: string): Promise<void>;
}

/** How keeping a file, or a painting, went; as KeepOutcome. */
export type StowOutcome = 'kept' | 'full' | 'unable';
