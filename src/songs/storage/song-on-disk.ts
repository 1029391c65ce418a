import * as Comlink from 'comlink';
import { Emitter } from '../../core/emitter.ts';
import { retryAfterCrash, WorkerBridge, type WorkerCrashedError } from '../../core/worker-bridge.ts';
import type { SpectrogramColumns } from '../../dsp/spectrogram-scale.ts';
import type { PortSong } from '../../separation/types.ts';
import { archivedSongGone } from './archive-errors.ts';
import type { DiskSongEngine, DiskSongFacts } from './disk-engine.ts';
import type { StoredColumns } from './disk-spectrogram.ts';
import { noDisk } from './long-errors.ts';
import { holdLongFolder, type LongFolder, newLongFolder } from './long-folder.ts';
import type { SongPiece } from './song-source.ts';

export interface OpenOptions {
  readonly signal?: AbortSignal;
  /** Receives the seconds that are decoded, of about how many. */
  readonly onProgress?: (seconds: number, expected: number) => void;
  /** Name of its folder, under which it can be kept: letters, digits and hyphens. Default: a new one. */
  readonly folder?: string;
  /** Bytes of the disk that it may take. Default: what the browser says is left. */
  readonly room?: number;
}

/**
 * A song too long for memory: its original, its vocals and its spectrograms lie in files of the browser's own file system,
 * which one worker has open for all who read them. The files go when the song is disposed of, unless it was kept
 * (shelf/long-shelf.ts). Where that worker crashes, a fresh one opens the files: reading and writing go on, the ports do
 * not; “crash” says that new ones are needed.
 *
 * @example
 * const song = await SongOnDisk.open(file, file.name, { signal });
 * for await (const chunk of client.separate(song.forSeparation())) await song.write(chunk.start, chunk.vocals);
 */
export class SongOnDisk extends Emitter<{ crash: [error: WorkerCrashedError] }> {
  readonly sampleRate: number;
  readonly channels: 1 | 2;
  readonly samples: number;
  /** The file broke off before its end. */
  readonly brokeOff: boolean;
  readonly #bridge: WorkerBridge<DiskSongEngine>;
  readonly #home: LongFolder;
  #sealed: boolean;

  /**
   * Decodes a file to the disk.
   *
   * @throws AudioDecodeError when it cannot be decoded piece by piece here
   * @throws LongSongError when there is no room for it
   * @throws the signal's reason
   */
  static async open(file: Blob, name: string, options: OpenOptions = {}): Promise<SongOnDisk> {
    const { signal, onProgress, room, folder = crypto.randomUUID() } = options;
    signal?.throwIfAborted();
    const home = await newLongFolder(folder, signal).catch((cause: unknown) => {
      signal?.throwIfAborted();
      throw noDisk(name, { cause });
    });
    // A worker of its own: the memory that decoding has taken goes with it.
    const decoder = new WorkerBridge<DiskSongEngine>(start);
    let song: SongOnDisk | undefined;
    try {
      const progress = Comlink.proxy((seconds: number, expected: number) => onProgress?.(seconds, expected));
      const facts = await decoder.engineUntil(signal).decode(home.name, file, name, progress, room);
      await close(decoder);
      song = new SongOnDisk(name, home, facts, false);
      await song.#opened(signal);
      return song;
    } catch (error) {
      void (song ? song.dispose() : close(decoder).then(home.leave));
      throw error;
    }
  }

  /**
   * Opens a song that was kept.
   *
   * @throws UnsungError where it is gone
   */
  static async kept(folder: string, name: string, facts: Omit<DiskSongFacts, 'brokeOff'>): Promise<SongOnDisk> {
    const home = await holdLongFolder(folder);
    const song = new SongOnDisk(name, home, { ...facts, brokeOff: false }, true);
    try {
      await song.#opened();
      return song;
    } catch (cause) {
      void song.dispose();
      throw archivedSongGone({ cause });
    }
  }

  private constructor(name: string, home: LongFolder, facts: DiskSongFacts, sealed: boolean) {
    super();
    this.#home = home;
    this.#sealed = sealed;
    this.sampleRate = facts.sampleRate;
    this.channels = facts.channels;
    this.samples = facts.samples;
    this.brokeOff = facts.brokeOff;
    this.#bridge = new WorkerBridge(start, {
      setUp: (engine) => engine.serve(home.name, name, facts, this.#sealed),
      onCrash: (error) => this.emit('crash', error),
    });
  }

  /** Ends when the files are open. */
  async #opened(signal?: AbortSignal): Promise<void> {
    await this.#bridge.engineUntil(signal).read(0, 0);
  }

  /**
   * Keeps vocals from sample `start` on, and columns of the spectrograms.
   *
   * @returns whether the columns are kept: where there is no room for them, the vocals are all the same
   * @throws LongSongError when the disk refuses; what was there stays
   */
  async write(start: number, vocals: readonly Float32Array[], columns?: StoredColumns): Promise<boolean> {
    return await retryAfterCrash(() => {
      // Copies that are handed over: what is copied on the way lies about, in messages, until the garbage is collected.
      const copies = vocals.map((channel) => channel.slice());
      const shown = columns && { ...columns, mixture: columns.mixture.slice(), mask: columns.mask.slice() };
      const arrays = [...copies, ...(shown ? [shown.mixture, shown.mask] : [])];
      const buffers = arrays.map(({ buffer }) => buffer);
      return this.#bridge.engine.write(start, Comlink.transfer(copies, buffers), shown);
    });
  }

  /** Nothing more is written from now on: it can be kept. @throws DOMException when the disk refuses */
  async seal(): Promise<void> {
    await retryAfterCrash(() => this.#bridge.engine.seal());
    this.#sealed = true;
  }

  /** Frames [first, end) of the spectrograms, as they were written, with `bins` cells each. */
  async readPictures(first: number, end: number, bins: number): Promise<SpectrogramColumns> {
    return await retryAfterCrash(() => this.#bridge.engine.readPictures(first, end, bins));
  }

  /** Original and vocals of samples [start, end). */
  async read(start: number, end: number): Promise<SongPiece> {
    return await retryAfterCrash(() => this.#bridge.engine.read(start, end));
  }

  /** The original, for one separation. */
  forSeparation(): PortSong {
    const { port1, port2 } = new MessageChannel();
    const lost = new AbortController();
    const unwatch = this.on('crash', (error) => {
      unwatch();
      lost.abort(error);
    });
    this.#bridge.engine.lendOriginal(Comlink.transfer(port1, [port1])).catch(() => undefined);
    const { sampleRate, channels: channelCount, samples } = this;
    return { sampleRate, channelCount, samples, port: port2, lost: lost.signal };
  }

  /** Original and vocals, for one reader of a worker: answers `read` by Comlink. */
  forReading(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    this.#bridge.engine.lendSong(Comlink.transfer(port1, [port1])).catch(() => undefined);
    return port2;
  }

  /** Blocks for one player: see BlockOrder. */
  forPlaying(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    this.#bridge.engine.feed(Comlink.transfer(port1, [port1])).catch(() => undefined);
    return port2;
  }

  /** Closes the song; takes it off the disk unless it was kept. */
  async dispose(): Promise<void> {
    await close(this.#bridge);
    await this.#home.leave();
  }
}

function start(): Worker {
  return new Worker(new URL('./disk-song.worker.ts', import.meta.url), { type: 'module', name: 'long song' });
}

/** Ends the worker, once it has let go of its files. */
async function close(bridge: WorkerBridge<DiskSongEngine>): Promise<void> {
  if (bridge.running)
    await bridge
      .session()
      .engine.close()
      .catch(() => undefined);
  bridge.dispose();
}
