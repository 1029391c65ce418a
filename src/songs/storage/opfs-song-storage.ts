import * as Comlink from 'comlink';
import { freeMemory } from '../../core/memory.ts';
import type { PortSong, SeparationChunk, SpectrogramColumns, SpectrogramScale } from '../../separation/types.ts';
import type { SoundingPainting } from '../painting/painting-format.ts';
import { archivedSongGone } from './archive-errors.ts';
import { noDisk } from './long-errors.ts';
import { holdLongFolder, type LongFolder, newLongFolder } from './long-folder.ts';
import { MaskCache } from './mask-cache.ts';
import { type OpfsLink, startOpfsWorker } from './opfs-link.ts';
import type { OpfsSongFacts } from './opfs-song-engine.ts';
import type { PlayerSource } from './player-source.ts';
import { portHandle, type SongHandle } from './song-handle.ts';
import type { SongPiece } from './song-source.ts';
import { SongStorage } from './song-storage.ts';

export interface OpenOptions {
  readonly signal?: AbortSignal;
  /** Receives the seconds that are decoded, of about how many. */
  readonly onProgress?: (seconds: number, expected: number) => void;
  /** Name of its folder, under which it can be kept: letters, digits and hyphens. Default: a new one. */
  readonly folder?: string;
  /** Bytes of the disk that it may take. Default: what the browser says is left. */
  readonly room?: number;
}

/** A song that was kept in its folder. */
export interface KeptInFolder {
  readonly folder: string;
  /** What the song is called in errors. */
  readonly name: string;
  readonly facts: Omit<OpfsSongFacts, 'brokeOff'>;
  readonly scale: SpectrogramScale;
  readonly painting?: SoundingPainting;
}

/**
 * A song too long for memory: its original, its vocals and its spectrograms lie in files of the browser's own file system
 * (OPFS), which one worker has open for all who read them. The files go when the song is disposed of, unless it was kept.
 */
export class OpfsSongStorage extends SongStorage {
  readonly whole = undefined;
  readonly #link: OpfsLink;
  readonly #home: Pick<LongFolder, 'leave'>;
  readonly #facts: OpfsSongFacts;
  #mask: MaskCache | undefined;

  /**
   * Decodes a file to the disk.
   *
   * @throws AudioDecodeError when it cannot be decoded piece by piece here
   * @throws LongSongError when there is no room for it
   * @throws the signal's reason
   */
  static async open(file: Blob, name: string, options: OpenOptions = {}): Promise<OpfsSongStorage> {
    const { signal, onProgress, room, folder = crypto.randomUUID() } = options;
    signal?.throwIfAborted();
    const home = await newLongFolder(folder, signal).catch((cause: unknown) => {
      signal?.throwIfAborted();
      throw noDisk(name, { cause });
    });
    let link: OpfsLink | undefined;
    const ask = <T>(question: (engine: OpfsLink['engine']) => Promise<T>): Promise<T> => {
      link = startOpfsWorker(signal);
      return Promise.race([question(link.engine), link.gone]);
    };
    try {
      const progress = Comlink.proxy((seconds: number, expected: number) => onProgress?.(seconds, expected));
      const facts = await ask((engine) => engine.decode(home.name, file, name, progress, room));
      await link?.end();
      await ask((engine) => engine.serve(home.name, name, facts, false));
      return new OpfsSongStorage(link as OpfsLink, home, facts);
    } catch (error) {
      void (link?.end() ?? Promise.resolve()).then(home.leave);
      throw error;
    }
  }

  /**
   * Opens a song that was kept.
   *
   * @throws UnsungError where it is gone
   */
  static async kept({ folder, name, facts, scale, painting }: KeptInFolder): Promise<OpfsSongStorage> {
    const home = await holdLongFolder(folder);
    const link = startOpfsWorker(undefined);
    const whole = { ...facts, brokeOff: false };
    try {
      await Promise.race([link.engine.serve(folder, name, whole, true), link.gone]);
      const storage = new OpfsSongStorage(link, home, whole);
      await Promise.race([storage.restore(scale, painting), link.gone]);
      return storage;
    } catch (cause) {
      void link.end().then(home.leave);
      throw archivedSongGone({ cause });
    }
  }

  /** @param link a worker that serves the song */
  constructor(link: OpfsLink, home: Pick<LongFolder, 'leave'>, facts: OpfsSongFacts) {
    super(facts);
    this.#link = link;
    this.#home = home;
    this.#facts = facts;
  }

  get mask(): MaskCache | undefined {
    const { scale } = this;
    if (!scale) return undefined;
    this.#mask ??= new MaskCache({
      scale,
      isStored: (from, to) => this.hasColumns(from, to),
      read: (first, end) => this.#link.engine.readCells(first, end, scale.bins),
    });
    return this.#mask;
  }

  async read(start: number, end: number): Promise<SongPiece> {
    return await this.#link.engine.read(start, end);
  }

  async readColumns(first: number, end: number): Promise<SpectrogramColumns> {
    if (!this.scale) throw new DOMException('Nothing is separated yet.', 'InvalidStateError');
    return await this.#link.engine.readColumns(first, end, this.scale.bins);
  }

  release(arrays: readonly Float32Array[]): void {
    freeMemory(arrays);
  }

  handle(): SongHandle {
    const { sampleRate, channels, samples } = this;
    const { port1, port2 } = new MessageChannel();
    void this.#link.engine.shareSong(Comlink.transfer(port1, [port1]));
    return portHandle({ sampleRate, channels, samples }, port2);
  }

  playerSource(): PlayerSource {
    const { port1, port2 } = new MessageChannel();
    void this.#link.engine.feed(Comlink.transfer(port1, [port1]));
    return { kind: 'blocks', port: port2 };
  }

  separationInput(): PortSong {
    const { port1, port2 } = new MessageChannel();
    void this.#link.engine.shareOriginal(Comlink.transfer(port1, [port1]));
    return { sampleRate: this.sampleRate, channelCount: this.channels, samples: this.samples, port: port2 };
  }

  async seal(): Promise<undefined> {
    await this.#link.engine.seal();
  }

  sharesOriginal(other: SongStorage): boolean {
    return other instanceof OpfsSongStorage && other.#link === this.#link;
  }

  restarted(): OpfsSongStorage {
    return new OpfsSongStorage(this.#link, this.#home, this.#facts);
  }

  async dispose(): Promise<void> {
    await this.#link.end();
    await this.#home.leave();
  }

  /** Takes over a song that is separated whole. */
  protected async restore(scale: SpectrogramScale, painting: SoundingPainting | undefined): Promise<void> {
    this.restoreState(scale, painting);
    for (const [n, { start }] of (painting?.spans ?? []).entries()) {
      await this.replaceVocals(start, painting?.sound[n] ?? []);
    }
  }

  protected async store({ start, vocals, spectrogram, scale }: SeparationChunk): Promise<boolean> {
    const { mixture, mask } = spectrogram;
    // Copies that are handed over: what is copied on the way lies about, in messages, until the garbage is collected.
    const copies = vocals.map((channel) => channel.slice());
    const columns = { ...spectrogram, mixture: mixture.slice(), mask: mask.slice(), songFrames: scale.frames };
    const arrays = [...copies, columns.mixture, columns.mask];
    return await this.#link.engine.write(
      start,
      Comlink.transfer(
        copies,
        arrays.map(({ buffer }) => buffer),
      ),
      columns,
    );
  }

  protected async replaceVocals(start: number, vocals: readonly Float32Array[]): Promise<void> {
    const copies = vocals.map((channel) => channel.slice());
    await this.#link.engine.amend(
      start,
      Comlink.transfer(
        copies,
        copies.map(({ buffer }) => buffer),
      ),
    );
  }
}
