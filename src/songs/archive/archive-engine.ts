import type { KeptSong, SongFacts } from './kept-song.ts';
import type { LongSongOnShelf } from './long-shelf.ts';
import type { Painting } from './painting.ts';
import type { LoadedSong, SongContent } from './shelf.ts';
import type { ShelfEntry } from './shelf-entry.ts';
import type { WaitingFacts, WaitingSong } from './waiting-room.ts';

/** How keeping a song went. */
export type KeepOutcome =
  | {
      readonly kind: 'kept';
      readonly song: KeptSong;
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
export interface ShelfEngine {
  /** Undefined where the browser lets the page keep nothing. */
  list(): Promise<readonly ShelfEntry[] | undefined>;
  keep(facts: SongFacts, content: SongContent, source: Blob): Promise<KeepOutcome>;
  /** Keeps a song whose numbers lie on the disk already: see LongShelf. */
  keepLong(facts: SongFacts, source: Blob): Promise<KeepOutcome>;
  load(id: string): Promise<LoadedSong | LongSongOnShelf>;
  remove(id: string): Promise<void>;
  paint(id: string, painting: Painting, vocals: readonly Float32Array[]): Promise<StowOutcome>;
  /** Keeps the file of a song that waits. */
  stow(facts: WaitingFacts, file: Blob): Promise<StowOutcome>;
  /** The songs that wait; nothing where the browser lets the page keep nothing. */
  waiting(): Promise<readonly WaitingSong[]>;
  unstow(id: string): Promise<void>;
}

/** How keeping a file, or a painting, went; as KeepOutcome. */
export type StowOutcome = 'kept' | 'full' | 'unable';
