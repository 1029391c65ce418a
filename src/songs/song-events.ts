import type { Message } from '../core/message.ts';
import type { SeparationChunk } from '../separation/types.ts';
import type { SongEntry } from './song-entry.ts';
import type { SongStorage } from './storage/song-storage.ts';

/** An event that the page announces: the state alone does not show it. */
export type SongNotice =
  /** There is no space to archive a separated song. */
  | { readonly kind: 'archive-full'; readonly name: string }
  /** There is no space to store a song's file until it is separated. */
  | { readonly kind: 'pending-full'; readonly name: string }
  | { readonly kind: 'painting-not-kept'; readonly name: string }
  /** An added song is already in the list. */
  | { readonly kind: 'there'; readonly name: string; readonly kept: boolean }
  | { readonly kind: 'there-many'; readonly count: number }
  /** Another page separates it. */
  | { readonly kind: 'elsewhere'; readonly name: string }
  /** A song of many hours is being decoded. */
  | { readonly kind: 'very-long'; readonly hours: number }
  /** What there is to say about a decoded file: that it is incomplete, for example. */
  | { readonly kind: 'decoded'; readonly note: Message }
  /** The song that the user waits for failed. `otherOpen`: another one stays open. */
  | { readonly kind: 'failed'; readonly error: unknown; readonly otherOpen: boolean }
  /** Something else went wrong. */
  | { readonly kind: 'error'; readonly error: unknown };

export type SongEvents = {
  /** `state` has changed. */
  change: [];
  /**
   * More of the open song is separated: it is in the storage. The chunk's arrays are good until the listener returns.
   */
  chunk: [storage: SongStorage, chunk: SeparationChunk];
  notice: [notice: SongNotice];
  /** The user tries something new: earlier errors are obsolete. */
  attempt: [];
  /** `count` songs were added. */
  added: [count: number];
  /** A song was separated, here or in another page, or failed. */
  ended: [song: SongEntry];
};
