import type { KeptSong } from './kept-song.ts';
import type { LoadedSong, ShelfEntry, SongContent, SongFacts } from './shelf.ts';

/** How keeping a song went. */
export type KeepOutcome =
  | { readonly kind: 'kept'; readonly song: KeptSong }
  /** No room; nothing of it is left. */
  | { readonly kind: 'full' }
  /** The browser lets the page keep nothing, or broke off. */
  | { readonly kind: 'unable'; readonly detail: string };

/** What the worker offers: shelf.worker.ts. */
export interface ShelfEngine {
  /** Undefined where the browser lets the page keep nothing. */
  list(): Promise<readonly ShelfEntry[] | undefined>;
  keep(facts: SongFacts, content: SongContent, source: Blob): Promise<KeepOutcome>;
  load(id: string): Promise<LoadedSong>;
  remove(id: string): Promise<void>;
}
