import { isShared } from '../../audio/shared-audio.ts';
import type { Scope } from '../../core/scope.ts';
import { retryAfterCrash, WorkerBridge, type WorkerCrashedError } from '../../core/worker-bridge.ts';
import type { SoundingPainting } from '../painting/painting-format.ts';
import type { PendingFacts, PendingSong } from '../pending-file-folders.ts';
import type { SongContent } from '../storage/song-source.ts';
import type { ArchiveEngine, KeepOutcome, StoreOutcome } from './archive-engine.ts';
import type { ArchiveEntry } from './archive-entry.ts';
import type { LoadedSong } from './archive-folders.ts';
import type { SongFacts } from './archived-song.ts';

/** On this channel pages tell each other that the archive has changed. */
const CHANNEL = 'unsung-shelf';

/** What the page asks of the archive. */
export type ArchiveLink = Pick<
  ArchiveClient,
  'list' | 'keep' | 'load' | 'remove' | 'paint' | 'keepPending' | 'listPending' | 'removePending'
>;

/**
 * The kept songs as the page sees them: a worker reads and writes, as only workers can write files in every browser.
 *
 * @example
 * const archive = new ArchiveClient(scope, () => refresh());
 * const songs = await archive.list();
 */
export class ArchiveClient {
  readonly #bridge: WorkerBridge<ArchiveEngine>;
  readonly #channel: BroadcastChannel | undefined;

  /**
   * @param onOthers Called when another page has kept or removed a song.
   * @param onCrash Called when the worker crashed. What was being kept is kept again; nothing is lost.
   */
  constructor(scope: Scope, onOthers: () => void, onCrash?: (error: WorkerCrashedError) => void) {
    const start = () =>
      new Worker(new URL('./archive.worker.ts', import.meta.url), { type: 'module', name: 'kept songs' });
    this.#bridge = new WorkerBridge(start, { onCrash });
    this.#channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(CHANNEL);
    if (this.#channel) scope.listen(this.#channel, 'message', onOthers);
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
   * @param content its arrays; what is not shared is copied. Undefined: it lies in the files of its folder already, and this
   *   page has it open
   */
  async keep(facts: SongFacts, content: SongContent | undefined, source: Blob): Promise<KeepOutcome> {
    const outcome = await this.#call((engine) => engine.keep(facts, content, source));
    if (outcome.kind === 'kept') this.#channel?.postMessage('kept');
    return outcome;
  }

  /** A song: with its arrays, or where these stay in its files, without. @throws UnsungError where it is gone or damaged */
  load(id: string): Promise<LoadedSong> {
    return this.#call((engine) => engine.load(id));
  }

  /** Removes a song. */
  async remove(id: string): Promise<void> {
    await this.#call((engine) => engine.remove(id));
    this.#channel?.postMessage('removed');
  }

  /** Keeps what was painted on a kept song. */
  paint(id: string, painting: SoundingPainting): Promise<StoreOutcome> {
    const sound = painting.sound.map(sendable);
    return this.#call((engine) => engine.paint(id, { ...painting, sound }));
  }

  /** Keeps the file of a song that is not separated yet. */
  async keepPending(facts: PendingFacts, file: Blob): Promise<StoreOutcome> {
    const outcome = await this.#call((engine) => engine.keepPending(facts, file));
    if (outcome === 'kept') this.#channel?.postMessage('pending-added');
    return outcome;
  }

  /** The songs that are not separated yet, whichever page they belong to. */
  listPending(): Promise<readonly PendingSong[]> {
    return this.#call((engine) => engine.listPending());
  }

  /** Takes a song's file away: it is separated and kept, or was removed. */
  async removePending(id: string): Promise<void> {
    await this.#call((engine) => engine.removePending(id));
    this.#channel?.postMessage('pending-removed');
  }

  /** Every call may be made twice: it reads, or writes the same once more. */
  #call<Result>(call: (engine: WorkerBridge<ArchiveEngine>['engine']) => Promise<Result>): Promise<Result> {
    return retryAfterCrash(() => call(this.#bridge.engine));
  }
}

/** The same samples, as they can be sent without the whole song around them: of memory that is not shared, a copy. */
function sendable(channels: readonly Float32Array[]): readonly Float32Array[] {
  return channels.map((channel) => (isShared(channel) ? channel : channel.slice()));
}
