import type { ModelChoice } from '../separation/separation-client.ts';
import { heldSound, madeWithOf, type SongEntry, soundOf } from './song-entry.ts';
import type { SongQueue } from './song-queue.ts';
import { withoutSound } from './song-transitions.ts';
import type { StemStore } from './storage/stem-store.ts';
import { disposeStore } from './store-access.ts';
import { StoreUses } from './store-uses.ts';

/** What is open for listening. */
interface Opened {
  readonly id: string;
  readonly store: StemStore;
  /** What the store is separated with. */
  readonly model: ModelChoice;
}

/** What listening works with. */
export interface ListeningOptions {
  readonly songs: Map<string, SongEntry>;
  readonly queue: SongQueue;
  /** Called before another song is opened, or none. */
  readonly onClose: () => void;
  readonly onChange: () => void;
}

/** Which song is open, which one the person wants to listen to, and what is given back when nobody listens to it. */
export class Listening {
  readonly #options: ListeningOptions;
  readonly #uses = new StoreUses();
  #open: Opened | undefined;
  #focus: string | undefined;

  constructor(options: ListeningOptions) {
    this.#options = options;
  }

  get open(): Opened | undefined {
    return this.#open;
  }

  /** The song that the person wants to listen to: the one that is open, or one on its way there. It is worked on first. */
  get focus(): string | undefined {
    return this.#focus;
  }

  set focus(id: string | undefined) {
    this.#focus = id;
    this.#options.queue.prefer(id);
    this.#options.onChange();
  }

  /** Opens a song that can be heard, unless the person wants another one. */
  put(id: string): void {
    const song = this.#options.songs.get(id);
    const store = song && soundOf(song)?.store;
    const model = song && madeWithOf(song)?.model;
    if (!store || !model || this.#focus !== id || this.#open?.store === store) return;
    this.#replace({ id, store, model });
  }

  /** Closes the open song. */
  close(): void {
    this.#replace(undefined);
  }

  /** The song is open, as it is or as it was made with another model. */
  isOpenAs({ sourceId }: { readonly sourceId: string }): boolean {
    const open = this.#open && this.#options.songs.get(this.#open.id);
    return open !== undefined && 'sourceId' in open && open.sourceId === sourceId;
  }

  /** Takes a song out of the list. Ends when its memory, or its disk, is given back. */
  async drop(id: string): Promise<void> {
    const { songs, queue } = this.#options;
    const song = songs.get(id);
    songs.delete(id);
    queue.remove(id);
    if (this.#open?.id === id) this.close();
    const store = song && heldSound(song)?.store;
    if (store) await this.dispose(store);
  }

  /** Gives back the memory, or the disk, of a song that nobody needs there: kept, or of no use. */
  release(id: string): void {
    const { songs } = this.#options;
    const song = songs.get(id);
    if (!song || this.#open?.id === id) return;
    const store = heldSound(song)?.store;
    const without = withoutSound(song);
    if (!store || heldSound(without)) return;
    songs.set(id, without);
    void this.dispose(store);
  }

  /** Keeps a store in reach until the returned function is called, also when the song is closed or removed meanwhile. */
  use(store: StemStore): () => void {
    return this.#uses.use(store);
  }

  /** Gives a store back as soon as nobody uses it. */
  async dispose(store: StemStore): Promise<void> {
    await this.#uses.unused(store);
    await disposeStore(store);
  }

  #replace(open: Opened | undefined): void {
    this.#options.onClose();
    const before = this.#open;
    this.#open = open;
    if (before) this.release(before.id);
    this.#options.onChange();
  }
}
