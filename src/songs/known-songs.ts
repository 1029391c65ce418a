import type { ArchiveEntry } from './archive/archive-entry.ts';
import type { PendingHere } from './pending-files.ts';
import { archivedEntry, elsewhereEntry, isKept, pendingEntry, type SongEntry } from './song-entry.ts';

/** Songs that the browser stores, from earlier visits and other pages. */
export interface BrowserSongs {
  readonly archived: readonly ArchiveEntry[];
  readonly pending: readonly PendingHere[];
  /** Ids of songs that are not separated automatically. */
  readonly cancelled: readonly string[];
}

/** Changes that update a list of songs to what the browser stores. */
export interface SongChanges {
  /** New ones, in their order. */
  readonly added: readonly SongEntry[];
  /** Songs of another page that now belong to this page, or are done. */
  readonly settled: readonly SongEntry[];
  /** Ids. Another page has removed them. */
  readonly removed: readonly string[];
  /** Ids of archived songs whose pending files are no longer needed. */
  readonly separated: readonly string[];
}

/** @param open Id of the open song: it stays, whatever another page does. */
export function changesTo(
  songs: ReadonlyMap<string, SongEntry>,
  { archived, pending, cancelled }: BrowserSongs,
  open: string | undefined,
): SongChanges {
  const pendingIds = new Set(pending.map(({ entry }) => entry.id));
  // Writing of the others was cut off: their files are still there, and they are separated again.
  const whole = archived.filter(({ id, song }) => song || !pendingIds.has(id));
  const kept = new Set(whole.map(({ id }) => id));
  const waits = ({ entry, own }: PendingHere): SongEntry => {
    if (!own) return elsewhereEntry(entry);
    return pendingEntry(entry, cancelled.includes(entry.id) ? 'cancelled' : 'waiting');
  };
  const left = pending.filter(({ entry }) => !kept.has(entry.id));
  const known = [...whole.map(archivedEntry), ...left.map(waits)];
  const isGone = (song: SongEntry) => {
    if (song.kind === 'elsewhere') return !kept.has(song.id) && !pendingIds.has(song.id);
    return (isKept(song) || song.kind === 'damaged') && !kept.has(song.id) && song.id !== open;
  };
  return {
    added: known.filter(({ id }) => !songs.has(id)),
    settled: known.filter(({ id, kind }) => songs.get(id)?.kind === 'elsewhere' && kind !== 'elsewhere'),
    removed: [...songs.values()].filter(isGone).map(({ id }) => id),
    separated: pending.filter(({ entry, own }) => own && kept.has(entry.id)).map(({ entry }) => entry.id),
  };
}
