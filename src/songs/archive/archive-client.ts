import * as Comlink from 'comlink';
import { isShared } from '../../audio/shared-audio.ts';
import type { Scope } from '../../core/scope.ts';
import { carryErrors } from '../../core/transfer-errors.ts';
import type { SoundingPainting } from '../painting/painting-format.ts';
import type { PendingFacts, PendingSong } from '../pending-file-folders.ts';
import type { SongContent } from '../storage/song-storage.ts';
import type { ArchiveEngine, KeepOutcome, StowOutcome } from './archive-engine.ts';
import type { ArchiveEntry } from './archive-entry.ts';
import type { LoadedSong } from './archive-folders.ts';
import type { SongFacts } from './archived-song.ts';

carryErrors();

/** On this channel pages tell each other that the shelf is another. */
const CHANNEL = 'unsung-shelf';

/** What the page asks of the shelf. */
export type ArchiveLink = Pick<
  ArchiveClient,
  'list' | 'keep' | 'load' | 'remove' | 'paint' | 'stow' | 'waiting' | 'unstow'
>;

/**
 * The kept songs as the page sees them: a worker reads and writes, as only workers can write files in every browser.
 *
 * @example
 * const shelf = new ArchiveClient(scope, () => refresh());
 * const songs = await shelf.list();
 */
export class ArchiveClient {
  readonly #engine: Comlink.Remote<ArchiveEngine>;
  readonly #channel: BroadcastChannel | undefined;

  /** @param onOthers Called when another page has kept or removed a song. */
  constructor(scope: Scope, onOthers: () => void) {
    const worker = new Worker(new URL('./archive.worker.ts', import.meta.url), { type: 'module', name: 'kept songs' });
    this.#engine = Comlink.wrap<ArchiveEngine>(worker);
    this.#channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(CHANNEL);
    if (this.#channel) scope.listen(this.#channel, 'message', onOthers);
    scope.add(() => {
      this.#channel?.close();
      this.#engine[Comlink.releaseProxy]();
      worker.terminate();
    });
  }

  /** All songs, the oldest first; undefined where the browser lets the page keep nothing. */
  list(): Promise<readonly ArchiveEntry[] | undefined> {
    return this.#engine.list() as Promise<readonly ArchiveEntry[] | undefined>;
  }

  /**
   * Keeps a song.
   * @param content its arrays; what is not shared is copied. Undefined: it lies in the files of its folder already, and this
   *   page has it open
   */
  async keep(facts: SongFacts, content: SongContent | undefined, source: Blob): Promise<KeepOutcome> {
    const outcome = await this.#engine.keep(facts, content, source);
    if (outcome.kind === 'kept') this.#channel?.postMessage('kept');
    return outcome;
  }

  /** A song: with its arrays, or where these stay in its files, without. @throws UnsungError where it is gone or damaged */
  load(id: string): Promise<LoadedSong> {
    return this.#engine.load(id) as Promise<LoadedSong>;
  }

  /** Removes a song. */
  async remove(id: string): Promise<void> {
    await this.#engine.remove(id);
    this.#channel?.postMessage('removed');
  }

  /** Keeps what was painted on a kept song. */
  paint(id: string, painting: SoundingPainting): Promise<StowOutcome> {
    return this.#engine.paint(id, { ...painting, sound: painting.sound.map(sendable) });
  }

  /** Keeps the file of a song that is not separated yet. */
  async stow(facts: PendingFacts, file: Blob): Promise<StowOutcome> {
    const outcome = await this.#engine.stow(facts, file);
    if (outcome === 'kept') this.#channel?.postMessage('stowed');
    return outcome;
  }

  /** The songs that are not separated yet, whichever page they belong to. */
  waiting(): Promise<readonly PendingSong[]> {
    return this.#engine.waiting() as Promise<readonly PendingSong[]>;
  }

  /** Takes a song's file away: it is separated and kept, or was removed. */
  async unstow(id: string): Promise<void> {
    await this.#engine.unstow(id);
    this.#channel?.postMessage('unstowed');
  }
}

/** The same samples, as they can be sent without the whole song around them: of memory that is not shared, a copy. */
function sendable(channels: readonly Float32Array[]): readonly Float32Array[] {
  return channels.map((channel) => (isShared(channel) ? channel : channel.slice()));
}
