import type { AudioData } from '../audio/audio-data.ts';
import type { Scope } from '../core/scope.ts';
import type { ArchiveChange, ArchiveLink } from './archive/archive-client.ts';
import { type KeepableSong, type OpenArchived, SongArchive, type StorageSpace } from './archive/song-archive.ts';
import type { FileKeys } from './file-key.ts';
import { type BrowserSongs, changesTo } from './known-songs.ts';
import { PaintingSaver } from './painting-saver.ts';
import { PendingFiles, type SecondsOf } from './pending-files.ts';
import {
  type ArchiveStatus,
  type DoneSong,
  isArchived,
  isUnfinished,
  isUntitled,
  type LoadedSong,
  type SongEntry,
  type UnfinishedSong,
} from './song-entry.ts';
import type { SongEnvironment } from './song-environment.ts';
import type { SongNotice } from './song-events.ts';
import type { SongQueue } from './song-queue.ts';
import type { SongStorage } from './storage/song-storage.ts';
import { StoredOrder } from './stored-order.ts';
import type { TagReader } from './tags/tag-reader.ts';

/** Options of the persistence of songs. */
export interface SongPersistenceOptions {
  /** Where separated songs are kept. @param onOthers To be called when another page has changed it. */
  readonly archive: (onOthers: (change: ArchiveChange) => void) => ArchiveLink;
  readonly environment: SongEnvironment;
  /** Default: as the browser has them. */
  readonly openArchived?: OpenArchived;
  /** Duration of a large file, to check that the separated song will fit beside it. */
  readonly secondsOf?: SecondsOf;
  /** All songs of the page, by their ids, and their places. */
  readonly songs: Map<string, SongEntry>;
  readonly queue: SongQueue;
  readonly keys: FileKeys;
  readonly tags: Pick<TagReader, 'read' | 'settled'>;
  /** The song that is open. */
  readonly openId: () => string | undefined;
  /** Takes a song out of the list. */
  readonly drop: (id: string) => void;
  /** Called when a song is archived and may be released. */
  readonly onKept: (id: string) => void;
  /** Called when another page has separated one of its songs. */
  readonly onSettled: (song: SongEntry) => void;
  readonly onChange: () => void;
  readonly notice: (notice: SongNotice) => void;
}

/** Stores the songs of the page for the next visit, and adds the songs of earlier visits and other pages. */
export class SongPersistence {
  readonly #options: SongPersistenceOptions;
  readonly #archive: SongArchive;
  readonly #pending: PendingFiles;
  readonly #paintings: PaintingSaver;
  readonly #order: StoredOrder;
  #space: StorageSpace | undefined;
  /** Whether the songs of the last visit are in the list, so that the order can be stored. */
  #recalled = false;

  constructor(scope: Scope, options: SongPersistenceOptions) {
    this.#options = options;
    const { environment, secondsOf, songs, queue } = options;
    const refresh = () => void this.refresh();
    const link = options.archive((change) => {
      refresh();
      if (change === 'removed') this.spaceFreed();
    });
    this.#archive = new SongArchive(link, environment, options.openArchived);
    this.#pending = new PendingFiles({ link, environment, secondsOf, onFree: refresh });
    scope.add(() => this.#pending.dispose());
    this.#order = new StoredOrder(environment);
    this.#order.onOthers(() => queue.arrange(this.#order.ids));
    this.#paintings = new PaintingSaver({
      environment,
      isArchived: (id) => isArchived(songs.get(id)),
      save: (id, storage) => this.#archive.paint(id, storage),
      onDue: (id) => this.#painting(id, 'painted'),
      onSaved: (id, kept) => {
        this.#painting(id, kept ? 'kept' : 'painting-not-kept');
        if (kept) options.onKept(id);
      },
    });
  }

  /** See SongsState. */
  get space(): StorageSpace | undefined {
    return this.#space;
  }

  /** Keeps the order of the songs, and which of them were cancelled. */
  keepOrder(songs: readonly SongEntry[]): void {
    if (this.#recalled) this.#order.keep(songs);
  }

  /** Keeps the file of a song until it is separated. Never rejects. */
  async keepFile({ id, name, fileName, sourceId, track, file }: UnfinishedSong): Promise<void> {
    const { songs, keys, notice, onChange } = this.#options;
    const full = [...songs.values()].some((song) => isUnfinished(song) && song.pending === 'full');
    const key = await keys.compute(sourceId, file.blob);
    const pending = await this.#pending.keepPending({ id, fileName, key, track }, file.blob);
    const song = songs.get(id);
    if (isUnfinished(song)) songs.set(id, { ...song, pending });
    if (pending === 'full' && !full && song) notice({ kind: 'pending-full', name });
    onChange();
  }

  /** Removes the copy of a failed song's file: it would fail again at each visit. */
  dropFile(id: string): void {
    void this.#pending.drop(id);
  }

  /** Removes the copy of a song's file because the song itself needs the space. */
  async freeSpace(id: string): Promise<boolean> {
    const { songs, onChange } = this.#options;
    const song = songs.get(id);
    if (!isUnfinished(song) || !(await this.#pending.freeSpace(id, song.file))) return false;
    const now = songs.get(id);
    if (isUnfinished(now)) songs.set(id, { ...now, pending: 'full' });
    onChange();
    return true;
  }

  /** Keeps a finished song. Never rejects; its `archive` says how it went. */
  async keep(id: string): Promise<void> {
    const kept = await this.#archive.keep(async () => {
      const song = await this.#keepable(id);
      if (song) this.#setStatus(id, { kind: 'keeping' });
      return song;
    });
    const song = this.#options.songs.get(id);
    if (!kept || song?.kind !== 'done' || !song.loaded) return;
    if (kept.kind !== 'kept') return this.#setStatus(id, { kind: kept.kind });
    const { bytes, file, paintingKept } = kept;
    void this.#pending.drop(id);
    this.#options.songs.set(id, { ...song, archive: { kind: 'kept', bytes }, loaded: { ...song.loaded, file } });
    this.#archiveChanged();
    if (paintingKept) this.#options.onKept(id);
    else this.#painting(id, 'painting-not-kept');
  }

  /** See SongArchive. @throws UnsungError if it is gone or damaged */
  async read(id: string, original?: AudioData): Promise<LoadedSong> {
    const loaded = await this.#archive.read(id, original);
    void this.#retitle(id, loaded.file.blob);
    return loaded;
  }

  /** Records a painted change. @param busy it is not rendered yet */
  painted(id: string, storage: SongStorage, busy: boolean): void {
    this.#paintings.painted(id, storage, busy);
  }

  /** Stores painted changes at once. */
  flush(): void {
    this.#paintings.flush();
  }

  /** Removes a song that has left the list from the disk. @throws whatever the browser throws */
  async remove(song: SongEntry): Promise<void> {
    void this.#pending.drop(song.id);
    const archived = song.kind === 'damaged' || (song.kind === 'done' && song.archive.kind !== 'not-yet');
    if (archived) await this.#archive.remove(song.id);
  }

  /** Tries again to archive songs and paintings that found no space. */
  spaceFreed(): void {
    for (const song of this.#options.songs.values()) {
      if (song.kind !== 'done' || !song.loaded) continue;
      if (song.archive.kind === 'full') void this.keep(song.id);
      if (song.archive.kind === 'painting-not-kept') this.#paintings.painted(song.id, song.loaded.storage, false);
    }
    void this.#measureSpace();
  }

  /** Updates the list to what the browser stores. Never rejects. */
  async refresh(): Promise<void> {
    try {
      // In this order: a page that finishes a song archives it before it removes the pending file.
      const pending = await this.#pending.list();
      const archived = (await this.#archive.list()) ?? [];
      this.#take({ archived, pending, cancelled: this.#order.cancelled });
      this.#recalled = true;
    } catch (error) {
      this.#options.notice({ kind: 'error', error });
    }
    await this.#measureSpace();
  }

  #take(browser: BrowserSongs): void {
    const { songs, queue, keys, tags, openId, drop } = this.#options;
    const stored = [
      ...browser.archived.map(({ song }) => song?.source.key),
      ...browser.pending.map(({ entry }) => entry.key),
    ];
    // Entries of earlier visits have their file's key as sourceId.
    for (const key of stored) if (key !== undefined) keys.set(key, key);
    const { added, settled, removed, separated } = changesTo(songs, browser, openId());
    for (const id of separated) void this.#pending.drop(id);
    for (const song of [...settled, ...added]) songs.set(song.id, song);
    for (const { entry } of browser.pending) if (songs.has(entry.id)) void tags.read(entry, entry.file);
    for (const song of added) queue.add([song.id], song.kind === 'waiting');
    for (const song of settled) {
      if (song.kind === 'waiting') queue.start(song.id);
      if (song.kind === 'done') this.#options.onSettled(song);
    }
    for (const id of removed) drop(id);
    queue.arrange(this.#order.ids);
  }

  async #keepable(id: string): Promise<KeepableSong | undefined> {
    const { songs, keys, tags } = this.#options;
    const begun = songs.get(id);
    if (begun?.kind !== 'done' || !begun.loaded) return undefined;
    const key = await keys.compute(begun.sourceId, begun.loaded.file.blob);
    await tags.settled(id);
    const song = songs.get(id);
    if (song?.kind !== 'done' || !song.loaded) return undefined;
    const { name, cover, fileName, track, madeWith, loaded } = song;
    return { id, name, cover, fileName, key, track, madeWith, ...loaded };
  }

  #setStatus(id: string, archive: Exclude<ArchiveStatus, { kind: 'kept' }>): void {
    const { songs, notice } = this.#options;
    const song = songs.get(id);
    if (song?.kind !== 'done' || !song.loaded) return;
    songs.set(id, { ...song, archive, loaded: song.loaded });
    if (archive.kind === 'full') notice({ kind: 'archive-full', name: song.name });
    this.#archiveChanged();
  }

  /** An archived song has changes that are not kept, or no longer. */
  #painting(id: string, kind: 'painted' | 'kept' | 'painting-not-kept'): void {
    const { songs, notice } = this.#options;
    const song = songs.get(id);
    if (song?.kind !== 'done' || !song.loaded || song.archive.kind === kind || !('bytes' in song.archive)) return;
    const { loaded, archive } = song;
    const { bytes } = archive;
    songs.set(
      id,
      kind === 'kept' ? { ...song, archive: { kind, bytes } } : { ...song, archive: { kind, bytes }, loaded },
    );
    if (kind === 'painting-not-kept') notice({ kind, name: song.name });
    this.#archiveChanged();
  }

  #archiveChanged(): void {
    void this.#measureSpace();
    this.#options.onChange();
  }

  /** Gives a song that was archived before tags were read, and its other results, name and cover. Never rejects. */
  async #retitle(id: string, file: Blob): Promise<void> {
    const { songs, tags, onChange } = this.#options;
    const before = songs.get(id);
    if (!isUntitled(before)) return;
    await tags.read(before, file);
    const now = songs.get(id);
    if (now?.kind !== 'done' || isUntitled(now)) return;
    const { name, cover, sourceId } = now;
    const results = [...songs.values()].filter((song) => isUntitled(song) && song.sourceId === sourceId) as DoneSong[];
    for (const song of results) songs.set(song.id, { ...song, name, cover });
    onChange();
    // What cannot be written now is read again at the next visit.
    for (const song of [now, ...results]) await this.#archive.retitle(song.id, { name, cover }).catch(() => undefined);
  }

  async #measureSpace(): Promise<void> {
    this.#space = await this.#archive.space();
    this.#options.onChange();
  }
}
