import { isShared } from '../../audio/shared-audio.ts';
import type { Scope } from '../../core/scope.ts';
import { retryAfterCrash, WorkerBridge, type WorkerCrashedError } from '../../core/worker-bridge.ts';
import type { SoundingPainting } from '../painting/painting-format.ts';
import type { PendingFacts, PendingSong } from '../pending-file-folders.ts';
import type { SongContent } from '../storage/song-source.ts';
import type { ArchiveEngine, KeepOutcome, StoreOutcome } from './archive-engine.ts';
import type { ArchiveEntry } from './archive-entry.ts';
import type { LoadedArchivedSong } from './archive-folders.ts';
import type { SongFacts, SongTitle } from './archived-song.ts';

/** Channel on which pages announce changes of the archive. */
const CHANNEL = 'unsung-shelf';

/** What a page has changed in the archive. */
export type ArchiveChange = 'kept' | 'removed' | 'pending-added' | 'pending-removed';

/** The archive as the page uses it. */
export type ArchiveLink = Pick<
  ArchiveClient,
  'list' | 'keep' | 'load' | 'remove' | 'paint' | 'retitle' | 'keepPending' | 'listPending' | 'removePending'
>;

/**
 * Access to the archived songs. A worker reads and writes, because only workers can write files in every browser.
 *
 * @example
 * const archive = new ArchiveClient(scope, () => refresh());
 * const songs = await archive.list();
 */
export class ArchiveClient {
  readonly #bridge: WorkerBridge<ArchiveEngine>;
  readonly #channel: BroadcastChannel | undefined;

  /**
   * @param onOthers Called when another page has changed the archive.
   * @param onCrash Called when the worker crashed. Interrupted calls are repeated; nothing is lost.
   */
  constructor(scope: Scope, onOthers: (change: ArchiveChange) => void, onCrash?: (error: WorkerCrashedError) => void) {
    const start = () =>
      new Worker(new URL('./archive.worker.ts', import.meta.url), { type: 'module', name: 'kept songs' });
    this.#bridge = new WorkerBridge(start, { onCrash });
    this.#channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(CHANNEL);
    const hear = (event: Event) => onOthers((event as MessageEvent<ArchiveChange>).data);
    if (this.#channel) scope.listen(this.#channel, 'message', hear);
    scope.add(() => {
      this.#channel?.close();
      this.#bridge.dispose();
    });
  }

  /** All songs, the oldest first; undefined where the browser lets the page keep nothing. */
  list(): Promise<readonly ArchiveEntry[] | undefined> {
    return this.#call((engine) => engine.list());
  }

  /**
   * Keeps a song.
   * @param content its arrays; arrays that are not shared are copied. Undefined: the samples are already in the files of
   *   its folder, and this page has the song open
   */
  async keep(facts: SongFacts, content: SongContent | undefined, source: Blob): Promise<KeepOutcome> {
    const outcome = await this.#call((engine) => engine.keep(facts, content, source));
    if (outcome.kind === 'kept') this.#announce('kept');
    return outcome;
  }

  /** Loads a song, with its arrays unless they stay in files. @throws UnsungError if it is gone or damaged */
  load(id: string): Promise<LoadedArchivedSong> {
    return this.#call((engine) => engine.load(id));
  }

  /** Removes a song. */
  async remove(id: string): Promise<void> {
    await this.#call((engine) => engine.remove(id));
    this.#announce('removed');
  }

  /** Keeps what was painted on a kept song. */
  paint(id: string, painting: SoundingPainting): Promise<StoreOutcome> {
    const sound = painting.sound.map(sendable);
    return this.#call((engine) => engine.paint(id, { ...painting, sound }));
  }

  /** Gives a kept song another name and cover. */
  retitle(id: string, title: SongTitle): Promise<void> {
    return this.#call((engine) => engine.retitle(id, title));
  }

  /** Keeps the file of a song that is not separated yet. */
  async keepPending(facts: PendingFacts, file: Blob): Promise<StoreOutcome> {
    const outcome = await this.#call((engine) => engine.keepPending(facts, file));
    if (outcome === 'kept') this.#announce('pending-added');
    return outcome;
  }

  /** The songs that are not separated yet, whichever page they belong to. */
  listPending(): Promise<readonly PendingSong[]> {
    return this.#call((engine) => engine.listPending());
  }

  /** Removes a song's file: the song is separated and archived, or was removed. */
  async removePending(id: string): Promise<void> {
    await this.#call((engine) => engine.removePending(id));
    this.#announce('pending-removed');
  }

  #announce(change: ArchiveChange): void {
    this.#channel?.postMessage(change);
  }

  /** Every call may be repeated: it reads, or writes the same again. */
  #call<Result>(call: (engine: WorkerBridge<ArchiveEngine>['engine']) => Promise<Result>): Promise<Result> {
    return retryAfterCrash(() => call(this.#bridge.engine));
  }
}

/** Channels ready to send: views into unshared memory are copied, so that the whole buffer is not sent with them. */
function sendable(channels: readonly Float32Array[]): readonly Float32Array[] {
  return channels.map((channel) => (isShared(channel) ? channel : channel.slice()));
}
