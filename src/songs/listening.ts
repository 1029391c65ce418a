import type { AudioData } from '../audio/audio-data.ts';
import type { ModelChoice } from '../separation/separation-client.ts';
import type { KnownSong } from './same-song.ts';
import { fileOf, type LoadedSong, listenableStorage, madeWithOf, type SongEntry, storageOf } from './song-entry.ts';
import type { SongQueue } from './song-queue.ts';
import { inMemoryOf } from './song-results.ts';
import { withoutStorage } from './song-transitions.ts';
import type { SongStorage } from './storage/song-storage.ts';
import { StorageUses } from './storage-uses.ts';

/** What is open for listening. */
interface Opened {
  readonly id: string;
  readonly storage: SongStorage;
  /** What the storage is separated with. */
  readonly model: ModelChoice;
}

/** What listening works with. */
export interface ListeningOptions {
  readonly songs: Map<string, SongEntry>;
  readonly queue: SongQueue;
  /**
   * Loads an archived song.
   * @param original samples in memory, shared if they are the song's
   * @throws UnsungError if it is gone or damaged
   */
  readonly readArchived: (id: string, original?: AudioData) => Promise<LoadedSong>;
  /** Called before another song is opened, or none. */
  readonly onClose: () => void;
  readonly onChange: () => void;
}

/** Tracks which song is open and which one the user wants to open; frees songs that are no longer listened to. */
export class Listening {
  readonly #options: ListeningOptions;
  readonly #uses = new StorageUses();
  #open: Opened | undefined;
  /** Id of another result of the open song, which stays loaded: switching between the two is immediate. */
  #beside: string | undefined;
  #focus: string | undefined;

  constructor(options: ListeningOptions) {
    this.#options = options;
  }

  get open(): Opened | undefined {
    return this.#open;
  }

  /** The song that the user wants to listen to: the open one, or one that is being opened. It is separated first. */
  get focus(): string | undefined {
    return this.#focus;
  }

  set focus(id: string | undefined) {
    this.#focus = id;
    this.#options.queue.prefer(id);
    this.#options.onChange();
  }

  /** Opens a song that can be played, unless the user wants another one. */
  put(id: string): void {
    const song = this.#options.songs.get(id);
    const storage = song && listenableStorage(song);
    const model = song && madeWithOf(song)?.model;
    if (!storage || !model || this.#focus !== id || this.#open?.storage === storage) return;
    this.#replace({ id, storage, model });
  }

  /** Opens a song that can be played, or an archived one. @throws UnsungError if it is gone or damaged */
  async bring(id: string): Promise<void> {
    const song = this.#options.songs.get(id);
    if (song && !listenableStorage(song)) await this.load(id);
    this.put(id);
    // The user may want another one by now.
    this.release(id);
  }

  /** Loads an archived song. @throws UnsungError if it is gone or damaged */
  async load(id: string): Promise<void> {
    const { songs, readArchived } = this.#options;
    const kept = songs.get(id);
    const loaded = await readArchived(id, kept && inMemoryOf(songs.values(), kept)?.whole.original);
    const song = songs.get(id);
    // Asked for twice, or removed.
    if (song?.kind !== 'done' || song.loaded) void this.dispose(loaded.storage);
    else songs.set(id, { ...song, loaded });
  }

  /**
   * A separated song to read once: the loaded one, or a new copy from the archive.
   *
   * @throws UnsungError where it cannot be read
   */
  async read(id: string): Promise<LoadedSong & { readonly release: () => void }> {
    const { songs, readArchived } = this.#options;
    const song = songs.get(id);
    const storage = song && listenableStorage(song);
    const file = song && fileOf(song);
    if (storage?.complete && file) return { storage, file, release: this.use(storage) };
    const loaded = await readArchived(id);
    return { ...loaded, release: () => void this.dispose(loaded.storage) };
  }

  /**
   * Loads another result of the open song and keeps it loaded as long as a result of that song is open.
   *
   * @returns undefined: it cannot be played, or the open song is another one by now
   * @throws UnsungError if it is gone or damaged
   */
  async hold(id: string): Promise<SongStorage | undefined> {
    const { songs } = this.#options;
    const song = songs.get(id);
    if (song && !listenableStorage(song)) await this.load(id);
    const loaded = songs.get(id);
    const storage = loaded && listenableStorage(loaded);
    if (!loaded || !storage || !('sourceId' in loaded) || !this.isOpenAs(loaded)) {
      this.release(id);
      return undefined;
    }
    this.#keepBeside(id);
    this.#options.onChange();
    return storage;
  }

  /** Closes the open song. */
  close(): void {
    this.#replace(undefined);
  }

  /** Whether the same track of the song is open, made with this or another model. */
  isOpenAs({ sourceId, track }: Pick<KnownSong, 'sourceId' | 'track'>): boolean {
    const open = this.#open && this.#options.songs.get(this.#open.id);
    return open !== undefined && 'sourceId' in open && open.sourceId === sourceId && open.track === track;
  }

  /** Removes a song from the list. Resolves when its memory or its files are released. */
  async drop(id: string): Promise<void> {
    const { songs, queue } = this.#options;
    const song = songs.get(id);
    songs.delete(id);
    queue.remove(id);
    if (this.#open?.id === id) this.close();
    if (this.#beside === id) this.#beside = undefined;
    const storage = song && storageOf(song);
    if (storage) await this.dispose(storage);
  }

  /** Releases the memory or the files of a song that is archived or not needed. */
  release(id: string): void {
    const { songs } = this.#options;
    const song = songs.get(id);
    if (!song || this.#open?.id === id || this.#beside === id) return;
    const storage = storageOf(song);
    const without = withoutStorage(song);
    if (!storage || storageOf(without)) return;
    songs.set(id, without);
    void this.dispose(storage);
  }

  /** Keeps a storage open until the returned function is called, even if the song is closed or removed meanwhile. */
  use(storage: SongStorage): () => void {
    return this.#uses.use(storage);
  }

  /** Disposes of a storage as soon as it has no users. */
  async dispose(storage: SongStorage): Promise<void> {
    await this.#uses.unused(storage);
    await storage.dispose();
  }

  #replace(open: Opened | undefined): void {
    this.#options.onClose();
    const before = this.#open;
    const next = open && this.#options.songs.get(open.id);
    const isSameSong = next && 'sourceId' in next && this.isOpenAs(next);
    this.#open = open;
    if (before?.id !== open?.id) this.#keepBeside(isSameSong ? before?.id : undefined);
    if (before) this.release(before.id);
    this.#options.onChange();
  }

  #keepBeside(id: string | undefined): void {
    const before = this.#beside;
    this.#beside = id;
    if (before !== undefined) this.release(before);
  }
}
