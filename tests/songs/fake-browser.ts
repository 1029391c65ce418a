import { isFull } from '../../src/core/folder-store.browser.ts';
import { type FolderStore, memoryStore } from '../../src/core/folder-store.ts';
import type { ArchiveChange, ArchiveLink } from '../../src/songs/archive/archive-client.ts';
import type { KeepOutcome, StoreOutcome } from '../../src/songs/archive/archive-engine.ts';
import type { Exclusive } from '../../src/songs/archive/archive-entry.ts';
import { ArchiveFolders } from '../../src/songs/archive/archive-folders.ts';
import { PendingFileFolders } from '../../src/songs/pending-file-folders.ts';
import { archivedSongGone } from '../../src/songs/storage/archive-errors.ts';

type Holder = { readonly owner: object; readonly release: () => void };

/** Exclusive locks like those of the Web Locks API; closing a page releases its locks. */
class FakeLocks {
  readonly #held = new Map<string, Holder>();
  #waiting: { readonly name: string; readonly owner: object; readonly grant: () => void }[] = [];

  /** The locks as one page sees them. */
  of(owner: object): Pick<LockManager, 'request'> {
    const request = (name: string, ...rest: readonly unknown[]) => {
      const act = rest.at(-1) as (lock: Lock | null) => unknown;
      const options = (rest.length > 1 ? rest[0] : {}) as LockOptions;
      return this.#request(owner, name, options, act);
    };
    return { request } as Pick<LockManager, 'request'>;
  }

  /** A page is closed. */
  close(owner: object): void {
    for (const wait of this.#waiting.filter((other) => other.owner === owner)) this.#forget(wait);
    for (const [name, holder] of [...this.#held]) if (holder.owner === owner) this.#release(name);
  }

  async #request(owner: object, name: string, options: LockOptions, act: (lock: Lock | null) => unknown) {
    if (this.#held.has(name)) {
      if (options.ifAvailable) return await act(null);
      await new Promise<void>((grant) => this.#waiting.push({ name, owner, grant }));
    }
    const closed = new Promise<void>((release) => this.#held.set(name, { owner, release }));
    // A closed page does nothing with its lock.
    await Promise.race([act({ name, mode: 'exclusive' }), closed]);
    if (this.#held.get(name)?.owner === owner) this.#release(name);
  }

  #release(name: string): void {
    this.#held.get(name)?.release();
    this.#held.delete(name);
    const next = this.#waiting.find((wait) => wait.name === name);
    if (!next) return;
    this.#forget(next);
    next.grant();
  }

  #forget(wait: object): void {
    this.#waiting = this.#waiting.filter((other) => other !== wait);
  }
}

/** What a page is told of other pages. */
interface Member {
  readonly onArchive: (change: ArchiveChange) => void;
  readonly onSetting: (name: string) => void;
}

/**
 * What pages of one browser share: kept songs, files of pending ones, settings, locks; all in memory, by the real
 * folders.
 */
export class FakeBrowser {
  readonly locks = new FakeLocks();
  readonly settings = new Map<string, string>();
  readonly archiveStore = memoryStore();
  /** Folders of songs that are separated to files. */
  readonly filesStore = memoryStore();
  readonly pendingStore = memoryStore();
  /** Fault of the archive: disk full, or writes that fail. */
  archiveFault: 'full' | 'broken' | undefined;
  pendingFault: 'full' | 'broken' | undefined;
  paintingFault = false;
  /** Archiving waits for this promise. */
  keepGate: Promise<void> = Promise.resolve();
  /** Ids of songs whose paintings were written, in their order. */
  readonly painted: string[] = [];
  readonly #pages = new Set<Member>();
  #turn: Promise<unknown> = Promise.resolve();
  /** One page after the other accesses the folders. */
  readonly #exclusive: Exclusive = (act) => {
    const done = this.#turn.then(act);
    this.#turn = done.catch(() => undefined);
    return done;
  };
  readonly #archive = new ArchiveFolders(
    this.#faulty(this.archiveStore, () => this.archiveFault),
    { exclusive: this.#exclusive },
  );
  readonly #inFiles = new ArchiveFolders(
    this.#faulty(this.filesStore, () => this.archiveFault),
    // Folders of songs that are not archived stay: a page may have them open.
    { exclusive: this.#exclusive, whileUnused: async () => undefined },
  );
  readonly #pending = new PendingFileFolders(
    this.#faulty(this.pendingStore, () => this.pendingFault),
    this.#exclusive,
  );

  /** Notifies a page of changes by others until the returned function is called. */
  join(page: Member): () => void {
    this.#pages.add(page);
    return () => this.#pages.delete(page);
  }

  writeSetting(from: object, name: string, value: string): void {
    this.settings.set(name, value);
    for (const page of this.#pages) if (page !== from) page.onSetting(name);
  }

  /** The archive as one page uses it. Changes notify the other pages. */
  link(from: object): ArchiveLink {
    const tell = (change: ArchiveChange) => {
      for (const page of this.#pages) if (page !== from) page.onArchive(change);
    };
    return {
      list: async () => [...(await this.#archive.list()), ...(await this.#inFiles.list())],
      keep: async (facts, content, source) => {
        await this.keepGate;
        const outcome = await outcomeOf(async (): Promise<KeepOutcome> => {
          const place = content ? this.#archive : this.#inFiles;
          const { song, bytes } = await place.keep(facts, content, source);
          return { kind: 'kept', song, bytes, source: await place.source(song.id) };
        });
        if (outcome.kind === 'kept') tell('kept');
        return outcome;
      },
      load: async (id) => {
        const loaded = (await this.#archive.load(id)) ?? (await this.#inFiles.load(id));
        if (!loaded) throw archivedSongGone();
        return loaded;
      },
      remove: async (id) => {
        await this.#archive.remove(id);
        await this.#inFiles.remove(id);
        tell('removed');
      },
      paint: async (id, painting) => {
        if (this.paintingFault) return 'full';
        if (!(await this.#archive.paint(id, painting)) && !(await this.#inFiles.paint(id, painting))) return 'unable';
        this.painted.push(id);
        return 'kept';
      },
      retitle: async (id, title) => {
        if (!(await this.#archive.retitle(id, title))) await this.#inFiles.retitle(id, title);
      },
      keepPending: async (facts, file) => {
        const outcome = await outcomeOf<StoreOutcome>(async () => {
          await this.#pending.add(facts, file);
          return 'kept';
        });
        const kind = typeof outcome === 'string' ? outcome : outcome.kind;
        if (kind === 'kept') tell('pending-added');
        return kind;
      },
      listPending: () => this.#pending.list(),
      removePending: async (id) => {
        await this.#pending.remove(id);
        tell('pending-removed');
      },
    };
  }

  #faulty(store: FolderStore, fault: () => 'full' | 'broken' | undefined): FolderStore {
    const check = () => {
      if (fault() === 'full') throw new DOMException('No space.', 'QuotaExceededError');
      if (fault() === 'broken') throw new DOMException('Refused.', 'InvalidStateError');
    };
    return {
      ...store,
      async write(...given) {
        check();
        await store.write(...given);
      },
      async copy(...given) {
        check();
        await store.copy(...given);
      },
    };
  }
}

async function outcomeOf<T>(
  act: () => Promise<T>,
): Promise<T | { readonly kind: 'full' } | { readonly kind: 'unable'; readonly detail: string }> {
  try {
    return await act();
  } catch (error) {
    return isFull(error) ? { kind: 'full' } : { kind: 'unable', detail: String(error) };
  }
}
