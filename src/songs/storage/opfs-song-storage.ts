import * as Comlink from 'comlink';
import { freeMemory } from '../../core/memory.ts';
import { retryAfterCrash, WorkerBridge } from '../../core/worker-bridge.ts';
import type { SpectrogramColumns, SpectrogramScale } from '../../dsp/spectrogram-scale.ts';
import type { PortSong, SeparationChunk } from '../../separation/types.ts';
import type { SoundingPainting } from '../painting/painting-format.ts';
import { archivedSongGone } from './archive-errors.ts';
import { noDisk } from './long-song-errors.ts';
import { holdLongSongFolder, newLongSongFolder } from './long-song-folder.ts';
import { MaskCache } from './mask-cache.ts';
import { endWorker, OpfsSession } from './opfs-session.ts';
import type { OpfsSongEngine, OpfsSongFacts } from './opfs-song-engine.ts';
import type { PlayerSource } from './player-source.ts';
import type { SongPiece } from './song-source.ts';
import { SongStorage } from './song-storage.ts';
import { UnstoredColumns } from './unstored-columns.ts';

export interface OpenOptions {
  /** See OpenSongOptions. */
  readonly track?: number;
  readonly signal?: AbortSignal;
  /** Receives the seconds that are decoded, of about how many. */
  readonly onProgress?: (seconds: number, expected: number) => void;
  /** Name of its folder, under which it can be kept: letters, digits and hyphens. Default: a new one. */
  readonly folder?: string;
  /** Bytes of the disk that it may take. Default: what the browser says is left. */
  readonly space?: number;
}

/** A song that was kept in its folder. */
export interface KeptInFolder {
  readonly folder: string;
  /** What the song is called in errors. */
  readonly name: string;
  readonly facts: OpfsSongFacts;
  readonly scale: SpectrogramScale;
  readonly painting?: SoundingPainting;
}

/**
 * A song that is too long for memory: original, vocals and spectrograms are files in the origin's private file system
 * (OPFS). One worker opens them for all readers. Disposing of the song deletes the files, unless it was archived. If the
 * worker crashes, a new one opens the files.
 */
export class OpfsSongStorage extends SongStorage {
  readonly whole = undefined;
  readonly #session: OpfsSession;
  readonly #unstored = new UnstoredColumns();
  #mask: MaskCache | undefined;

  /**
   * Decodes a file to the disk.
   *
   * @throws AudioDecodeError when it cannot be decoded piece by piece here
   * @throws LongSongError when there is no space for it
   * @throws the signal's reason
   */
  static async open(file: Blob, name: string, options: OpenOptions = {}): Promise<OpfsSongStorage> {
    const { track, signal, onProgress, space, folder = crypto.randomUUID() } = options;
    signal?.throwIfAborted();
    const home = await newLongSongFolder(folder, signal).catch((cause: unknown) => {
      signal?.throwIfAborted();
      throw noDisk(name, { cause });
    });
    // A worker of its own: the memory that decoding has taken goes with it.
    const decoder = new WorkerBridge<OpfsSongEngine>(startWorker);
    let session: OpfsSession | undefined;
    try {
      const progress = Comlink.proxy((seconds: number, expected: number) => onProgress?.(seconds, expected));
      const facts = await decoder.engineUntil(signal).decode(home.name, file, name, progress, track, space);
      await endWorker(decoder);
      session = new OpfsSession({ home, name, facts, sealed: false, start: startWorker });
      await session.opened(signal);
      return new OpfsSongStorage(session);
    } catch (error) {
      void (session ? session.dispose() : endWorker(decoder).then(home.leave));
      throw error;
    }
  }

  /**
   * Opens a song that was kept.
   *
   * @throws UnsungError where it is gone
   */
  static async kept({ folder, name, facts, scale, painting }: KeptInFolder): Promise<OpfsSongStorage> {
    const home = await holdLongSongFolder(folder);
    const session = new OpfsSession({ home, name, facts, sealed: true, start: startWorker });
    try {
      await session.opened();
      const storage = new OpfsSongStorage(session);
      storage.restoreState(scale, painting);
      for (const [n, { start }] of (painting?.spans ?? []).entries()) {
        await storage.replaceVocals(start, painting?.sound[n] ?? []);
      }
      return storage;
    } catch (cause) {
      void session.dispose();
      throw archivedSongGone({ cause });
    }
  }

  constructor(session: OpfsSession) {
    super(session.facts);
    this.#session = session;
    session.on('crash', (error) => this.emit('crash', error));
  }

  get mask(): MaskCache | undefined {
    const { scale } = this;
    if (!scale) return undefined;
    this.#mask ??= new MaskCache({
      scale,
      isStored: (from, to) => this.hasColumns(from, to),
      read: (first, end) => retryAfterCrash(() => this.#session.engine.readCells(first, end, scale.bins)),
    });
    return this.#mask;
  }

  async read(start: number, end: number): Promise<SongPiece> {
    return await retryAfterCrash(() => this.#session.engine.read(start, end));
  }

  async readColumns(first: number, end: number): Promise<SpectrogramColumns> {
    const { scale } = this;
    if (!scale) throw new DOMException('Nothing is separated yet.', 'InvalidStateError');
    return await retryAfterCrash(() => this.#session.engine.readColumns(first, end, scale.bins));
  }

  release(arrays: readonly Float32Array[]): void {
    freeMemory(arrays);
  }

  playerSource(): PlayerSource {
    const { port1, port2 } = new MessageChannel();
    // An event reports a crash of the worker.
    this.#session.engine.feed(Comlink.transfer(port1, [port1])).catch(() => undefined);
    return { kind: 'blocks', port: port2 };
  }

  separationInput(): PortSong {
    const { port1, port2 } = new MessageChannel();
    const lost = new AbortController();
    const unwatch = this.on('crash', (error) => {
      unwatch();
      lost.abort(error);
    });
    this.#session.engine.shareOriginal(Comlink.transfer(port1, [port1])).catch(() => undefined);
    const { sampleRate, channels: channelCount, samples } = this;
    return { sampleRate, channelCount, samples, port: port2, lost: lost.signal };
  }

  async seal(): Promise<undefined> {
    const stored = await this.#unstored.storeAll(async (columns) => {
      const hasSpace = await this.#session.writeColumns(columns);
      if (hasSpace) this.addColumns(columns.firstFrame, columns.firstFrame + columns.frames);
      return hasSpace;
    });
    if (!stored || !this.hasColumns(0, this.scale?.frames ?? 0)) {
      throw new DOMException('The spectrograms found no space.', 'QuotaExceededError');
    }
    await this.#session.seal();
  }

  sharesOriginal(other: SongStorage): boolean {
    return other instanceof OpfsSongStorage && other.#session === this.#session;
  }

  restarted(): OpfsSongStorage {
    return new OpfsSongStorage(this.#session);
  }

  async dispose(): Promise<void> {
    await this.#session.dispose();
  }

  protected readOwn(start: number, end: number): Promise<SongPiece> {
    return this.read(start, end);
  }

  protected async store({ start, vocals, spectrogram, scale }: SeparationChunk): Promise<boolean> {
    const columns = { ...spectrogram, songFrames: scale.frames };
    const hasSpace = await this.#session.write(start, vocals, columns);
    if (!hasSpace) this.#unstored.add(columns);
    return hasSpace;
  }

  protected async replaceVocals(start: number, vocals: readonly Float32Array[]): Promise<void> {
    await this.#session.amend(start, vocals);
  }
}

function startWorker(): Worker {
  return new Worker(new URL('./opfs-song.worker.ts', import.meta.url), { type: 'module', name: 'long song' });
}
