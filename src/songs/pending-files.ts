import type { ArchiveLink } from './archive/archive-client.ts';
import type { StoreOutcome } from './archive/archive-engine.ts';
import type { PendingFacts, PendingSong } from './pending-file-folders.ts';
import type { SourceFile } from './song-entry.ts';
import type { SongEnvironment } from './song-environment.ts';

/** Files up to this size are copied into memory before they are separated: their tags are needed afterwards. */
const MAX_COPIED = 67_108_864;

/** A larger file may contain hours of sound: it is stored only if the separated song would also fit. */
const LARGE_BYTES = 268_435_456;

/**
 * Bytes on disk per second of a separated song: original and vocals in stereo at 48 kHz, 4 bytes a sample;
 * spectrograms.
 */
const SECOND_BYTES = 800_000;

/** A song that waits, as this page sees it. */
export interface PendingHere {
  readonly entry: PendingSong;
  /** Whether this page separates it. */
  readonly own: boolean;
}

/** The length of a song, read from its file's head; undefined: not known. */
export type SecondsOf = (file: Blob) => Promise<number | undefined>;

/**
 * Bytes of disk that a pending song needs: its file, the separated song, and its file again, which is kept with the
 * separated song before the pending copy goes.
 */
export function spaceFor(bytes: number, seconds: number): number {
  return 2 * bytes + seconds * SECOND_BYTES;
}

/** What keeping files works with. */
export interface PendingFilesOptions {
  readonly link: Pick<ArchiveLink, 'keepPending' | 'removePending' | 'listPending'>;
  readonly environment: Pick<SongEnvironment, 'locks' | 'estimate'>;
  /** Default: the length of a large file is taken for 0. */
  readonly secondsOf?: SecondsOf;
  /** Called when this page may be able to take over a song: see `list`. */
  readonly onFree: () => void;
}

/**
 * Stores the files of songs until they are separated. A song belongs to the page that holds the lock of its name; no
 * other page separates it. When that page is closed, another one takes it over.
 */
export class PendingFiles {
  readonly #options: PendingFilesOptions;
  readonly #end = new AbortController();
  /** Functions that release the locks of this page. */
  readonly #held = new Map<string, () => void>();
  /** Songs of other pages whose locks this one waits for. */
  readonly #watched = new Set<string>();
  readonly #dropped = new Set<string>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: PendingFilesOptions) {
    this.#options = options;
  }

  /** Releases all songs, so that another page can take them over. */
  dispose(): void {
    this.#end.abort();
    for (const release of this.#held.values()) release();
  }

  /** Keeps a song's file. Never rejects. */
  keepPending(facts: PendingFacts, file: Blob): Promise<StoreOutcome> {
    const { id } = facts;
    return this.#next(async () => {
      // Without the lock, another page would separate it too.
      if (this.#dropped.has(id) || !(await this.#take(id))) return 'unable';
      if (file.size > LARGE_BYTES && !(await this.#fits(file))) {
        // The list says that it is not kept. A notice follows only where its samples find no space either.
        this.#release(id);
        return 'unable';
      }
      const outcome = await this.#options.link.keepPending(facts, file);
      if (outcome !== 'kept') this.#release(id);
      return outcome;
    }, 'unable');
  }

  /** Removes a song's file, also one that is being written, and releases the song. Never rejects. */
  drop(id: string): Promise<void> {
    if (this.#dropped.has(id)) return Promise.resolve();
    this.#dropped.add(id);
    return this.#next(async () => {
      if (!this.#held.has(id)) return;
      await this.#options.link.removePending(id);
      this.#release(id);
    }, undefined);
  }

  /**
   * Removes the copy of a song's file because its separation needs the space. Never rejects.
   *
   * @returns whether space was freed
   */
  freeSpace(id: string, { borrowed }: SourceFile): Promise<boolean> {
    return this.#next(async () => {
      // The song is read from that copy.
      if (borrowed || !this.#held.has(id)) return false;
      await this.#options.link.removePending(id);
      this.#release(id);
      return true;
    }, false);
  }

  /** The pending songs. This page takes over those without an owner. Never rejects. */
  list(): Promise<readonly PendingHere[]> {
    return this.#next(async () => {
      if (!this.#options.environment.locks) return [];
      const taken = new Set<string>();
      for (const { id } of await this.#options.link.listPending()) {
        if (!this.#dropped.has(id) && !this.#held.has(id) && (await this.#take(id))) taken.add(id);
      }
      // Another page may have ended one, and let it go, since it was listed.
      const entries = await this.#options.link.listPending();
      for (const id of taken) if (!entries.some((entry) => entry.id === id)) this.#release(id);
      const found = entries.filter(({ id }) => !this.#dropped.has(id));
      for (const { id } of found) if (!this.#held.has(id)) this.#watch(id);
      return found.map((entry) => ({ entry, own: this.#held.has(entry.id) }));
    }, []);
  }

  /** Runs one act after the other, so that no lock is requested twice at once. */
  #next<T>(act: () => Promise<T>, otherwise: T): Promise<T> {
    const done = this.#turn.then(act).catch(() => otherwise);
    this.#turn = done;
    return done;
  }

  async #fits(file: Blob): Promise<boolean> {
    const { quota, usage } = await this.#options.environment.estimate();
    if (quota === undefined) return true;
    const seconds = (await this.#options.secondsOf?.(file)) ?? 0;
    return spaceFor(file.size, seconds) <= quota - (usage ?? 0);
  }

  #take(id: string): Promise<boolean> {
    const { locks } = this.#options.environment;
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
      this.#options.onFree();
    };
    // Aborted when the page ends.
    this.#options.environment.locks?.request(lockName(id), { signal: this.#end.signal }, free).catch(() => undefined);
  }
}

/**
 * Copies a borrowed file into memory: it is deleted when its song is archived.
 *
 * @throws DOMException if it is unreadable
 */
export async function inMemory(file: SourceFile): Promise<SourceFile> {
  const { blob, borrowed } = file;
  if (!borrowed || blob.size > MAX_COPIED) return file;
  return { blob: new Blob([await blob.arrayBuffer()], { type: blob.type }), borrowed: false };
}

function lockName(id: string): string {
  return `unsung-waiting-${id}`;
}
