import type { Scope } from '../core/scope.ts';
import type { ArchiveLink } from './archive/archive-client.ts';
import type { StowOutcome } from './archive/archive-engine.ts';
import type { PendingSong } from './pending-file-folders.ts';
import { newEntry, type SongEntry } from './song-entry.ts';

/** Files up to this size are copied into memory before they are separated: their tags are needed afterwards. */
const MAX_COPIED = 67_108_864;

/** Of larger files it is looked first whether their songs' separation finds room beside them: these may be hours of sound. */
const LARGE_BYTES = 268_435_456;

/** What a second of a song takes on the disk once it is separated: stereo at 48 kHz, 4 bytes a sample, twice; spectrograms. */
const SECOND_BYTES = 800_000;

/** A song that waits, as this page sees it. */
export interface PendingHere {
  readonly entry: PendingSong;
  /** It is this page's to separate. */
  readonly own: boolean;
}

/** The length of a song, read from its file's head; undefined: not known. */
export type SecondsOf = (file: Blob) => Promise<number | undefined>;

/**
 * Bytes of the disk for a song that waits: its file; what it takes when it is separated; and its file again, which is kept
 * with it before the one that waited goes.
 */
export function roomFor(bytes: number, seconds: number): number {
  return 2 * bytes + seconds * SECOND_BYTES;
}

/**
 * Keeps the files of songs until these are separated. A song belongs to one page at a time, the one that holds the lock of
 * its name: no other separates it. When that page is closed, another one takes it over.
 */
export class PendingFiles {
  readonly #shelf: ArchiveLink;
  readonly #onFree: () => void;
  readonly #secondsOf: SecondsOf;
  readonly #locks = globalThis.navigator?.locks as LockManager | undefined;
  readonly #end = new AbortController();
  /** The locks that this page holds: how each is given back. */
  readonly #held = new Map<string, () => void>();
  /** Songs of other pages whose locks this one waits for. */
  readonly #watched = new Set<string>();
  readonly #dropped = new Set<string>();
  #turn: Promise<unknown> = Promise.resolve();

  /** @param onFree Called when a song may have become this page's to separate: see `list`. */
  constructor(scope: Scope, shelf: ArchiveLink, onFree: () => void, secondsOf: SecondsOf = () => Promise.resolve(0)) {
    this.#shelf = shelf;
    this.#onFree = onFree;
    this.#secondsOf = secondsOf;
    scope.add(() => {
      this.#end.abort();
      for (const release of this.#held.values()) release();
    });
  }

  /** Keeps a song's file. Never rejects. @param key SHA-256 of the file, where it is known */
  stow({ id, fileName, file }: SongEntry, key: string | undefined): Promise<StowOutcome> {
    return this.#next(async () => {
      // Without the lock another page would separate it as well.
      if (this.#dropped.has(id) || !file || !(await this.#take(id))) return 'unable';
      if (file.size > LARGE_BYTES && !(await this.#fits(file))) {
        // Its row says that it is not kept. That there is no room is said when its samples find none either.
        this.#release(id);
        return 'unable';
      }
      const outcome = await this.#shelf.stow({ id, fileName, key }, file);
      if (outcome !== 'kept') this.#release(id);
      return outcome;
    }, 'unable');
  }

  /** Takes a song's file away, also one that is on its way there, and lets the song go. Never rejects. */
  drop(id: string): Promise<void> {
    if (this.#dropped.has(id)) return Promise.resolve();
    this.#dropped.add(id);
    return this.#next(async () => {
      if (!this.#held.has(id)) return;
      await this.#shelf.unstow(id);
      this.#release(id);
    }, undefined);
  }

  /**
   * Takes the copy of a song's file away: its separation needs the room. Never rejects.
   *
   * @returns whether that made room
   */
  giveRoom({ id, lent }: SongEntry): Promise<boolean> {
    return this.#next(async () => {
      // What is lent is read from there.
      if (lent || !this.#held.has(id)) return false;
      await this.#shelf.unstow(id);
      this.#release(id);
      return true;
    }, false);
  }

  /** The songs that wait. Those that nobody has are this page's from now on. Never rejects. */
  list(): Promise<readonly PendingHere[]> {
    return this.#next(async () => {
      if (!this.#locks) return [];
      const taken = new Set<string>();
      for (const { id } of await this.#shelf.waiting()) {
        if (!this.#dropped.has(id) && !this.#held.has(id) && (await this.#take(id))) taken.add(id);
      }
      // Another page may have ended one, and let it go, since it was listed.
      const entries = await this.#shelf.waiting();
      for (const id of taken) if (!entries.some((entry) => entry.id === id)) this.#release(id);
      const found = entries.filter(({ id }) => !this.#dropped.has(id));
      for (const { id } of found) if (!this.#held.has(id)) this.#watch(id);
      return found.map((entry) => ({ entry, own: this.#held.has(entry.id) }));
    }, []);
  }

  /** Copies a file that would be gone once its song is separated. @throws DOMException where it cannot be read */
  async takeIntoMemory(song: SongEntry): Promise<void> {
    const { file, lent } = song;
    if (!file || !lent || file.size > MAX_COPIED) return;
    song.file = new Blob([await file.arrayBuffer()], { type: file.type });
    song.lent = false;
  }

  /** One thing after the other: a lock is not asked for twice at once. */
  #next<T>(act: () => Promise<T>, otherwise: T): Promise<T> {
    const done = this.#turn.then(act).catch(() => otherwise);
    this.#turn = done;
    return done;
  }

  async #fits(file: Blob): Promise<boolean> {
    const { quota, usage } = await navigator.storage.estimate();
    if (quota === undefined) return true;
    const seconds = (await this.#secondsOf(file)) ?? 0;
    return roomFor(file.size, seconds) <= quota - (usage ?? 0);
  }

  #take(id: string): Promise<boolean> {
    const locks = this.#locks;
    if (this.#held.has(id)) return Promise.resolve(true);
    if (!locks) return Promise.resolve(false);
    return new Promise((resolve) => {
      const hold = (lock: Lock | null) => {
        resolve(lock !== null);
        if (lock) return new Promise<void>((release) => this.#held.set(id, release));
        return undefined;
      };
      locks.request(lockName(id), { ifAvailable: true }, hold).catch(() => resolve(false));
    });
  }

  #release(id: string): void {
    this.#held.get(id)?.();
    this.#held.delete(id);
  }

  #watch(id: string): void {
    if (this.#watched.has(id)) return;
    this.#watched.add(id);
    const free = () => {
      this.#watched.delete(id);
      this.#onFree();
    };
    // Aborted when the page ends.
    this.#locks?.request(lockName(id), { signal: this.#end.signal }, free).catch(() => undefined);
  }
}

/** A song that waited at the last visit, or waits in another page. */
export function pendingEntry({ id, fileName, file, key }: PendingSong): SongEntry {
  return {
    ...newEntry({ fileName, file }),
    id,
    lent: true,
    key: key ? Promise.resolve(key) : undefined,
    stowed: 'kept',
  };
}

function lockName(id: string): string {
  return `unsung-waiting-${id}`;
}
