import { Emitter } from '../../core/emitter.ts';
import type { KeyValueStore } from '../../player/song-settings.ts';

/** The setting under which the browser keeps whether the list is open. */
const STORED_AS = 'unsung.list';

/** What the panel needs to know of the songs. */
export interface ListedSongs {
  readonly count: number;
  /** A song is open, or on its way to being open. */
  readonly inUse: boolean;
  /** A song of an earlier visit is being looked for, or opened. */
  readonly opening?: boolean;
}

/**
 * Whether the list of songs is shown: beside the song on a wide page (docked), over it on a narrow one. Docked, it opens
 * by itself for several songs, for a single one while none is in use, and for who comes back to a song: it has the place
 * to drop others. The person opens and closes it; that is stored. Over the page, it is open only from the person's request to the next choice.
 *
 * @example
 * const panel = new SongListPanel(localStorage);
 * panel.on('change', () => draw(panel.open));
 * panel.show({ count: 2, inUse: true }); // open
 */
export class SongListPanel extends Emitter<{ change: [] }> {
  readonly #storage: KeyValueStore | undefined;
  #songs: ListedSongs = { count: 0, inUse: false };
  #docked = true;
  /** Undefined: the person has not chosen. */
  #chosen: boolean | undefined;
  #over = false;
  /** The person has come back to a song. */
  #returned = false;

  /** @param storage undefined: the choice lasts as long as the page */
  constructor(storage: KeyValueStore | undefined) {
    super();
    this.#storage = storage;
    const kept = storage?.getItem(STORED_AS);
    this.#chosen = kept === 'open' ? true : kept === 'closed' ? false : undefined;
  }

  /** Whether there is a list at all. */
  get available(): boolean {
    const { count, opening = false } = this.#songs;
    return count > 0 || opening;
  }

  get open(): boolean {
    if (!this.available) return false;
    if (!this.#docked) return this.#over;
    const { count, inUse } = this.#songs;
    return this.#chosen ?? (count > 1 || !inUse || this.#returned);
  }

  /** The list lies beside the song, not over it. */
  get docked(): boolean {
    return this.#docked;
  }

  set docked(docked: boolean) {
    if (docked === this.#docked) return;
    this.#docked = docked;
    this.#over = false;
    this.emit('change');
  }

  /** Takes the state of the songs. */
  show(songs: ListedSongs): void {
    const before = [this.available, this.open].join();
    this.#songs = songs;
    this.#returned ||= songs.opening ?? false;
    if (!this.available) this.#over = false;
    if ([this.available, this.open].join() !== before) this.emit('change');
  }

  /** Opens or closes the list for the person. */
  toggle(): void {
    this.#set(!this.open);
  }

  close(): void {
    if (this.open) this.#set(false);
  }

  /** Opens the list beside the song: several songs came. Over the song, it does not open by itself. */
  reveal(): void {
    if (this.#docked && !this.open) this.#set(true);
  }

  #set(open: boolean): void {
    if (this.#docked) {
      this.#chosen = open;
      try {
        this.#storage?.setItem(STORED_AS, open ? 'open' : 'closed');
      } catch {
        // Full, or forbidden in private windows.
      }
    } else this.#over = open;
    this.emit('change');
  }
}
