import * as Comlink from 'comlink';
import { carryErrors } from '../../core/transfer-errors.ts';
import type { SpectrogramColumns } from '../../dsp/spectrogram-scale.ts';
import type { PortSong } from '../../separation/types.ts';
import { archivedSongGone } from './archive-errors.ts';
import type { DiskSongEngine, DiskSongFacts } from './disk-engine.ts';
import type { StoredColumns } from './disk-spectrogram.ts';
import { noDisk } from './long-errors.ts';
import { holdLongFolder, type LongFolder, newLongFolder } from './long-folder.ts';
import type { SongPiece } from './song-source.ts';

carryErrors();

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
 * (shelf/long-shelf.ts).
 *
 * @example
 * const song = await SongOnDisk.open(file, file.name, { signal });
 * for await (const chunk of client.separate(song.forSeparation())) await song.write(chunk.start, chunk.vocals);
 */
export class SongOnDisk {
  readonly sampleRate: number;
  readonly channels: 1 | 2;
  readonly samples: number;
  /** The file broke off before its end. */
  readonly brokeOff: boolean;
  readonly #link: Link;
  readonly #home: LongFolder;

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
    let link: Link | undefined;
    const ask = <T>(question: (engine: Link['engine']) => Promise<T>): Promise<T> => {
      link = start(signal);
      return Promise.race([question(link.engine), link.gone]);
    };
    try {
      const progress = Comlink.proxy((seconds: number, expected: number) => onProgress?.(seconds, expected));
      const facts = await ask((engine) => engine.decode(home.name, file, name, progress, room));
      await link?.end();
      await ask((engine) => engine.serve(home.name, name, facts, false));
      return new SongOnDisk(link as Link, home, facts);
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
  static async kept(folder: string, name: string, facts: Omit<DiskSongFacts, 'brokeOff'>): Promise<SongOnDisk> {
    const home = await holdLongFolder(folder);
    const link = start(undefined);
    const whole = { ...facts, brokeOff: false };
    try {
      await Promise.race([link.engine.serve(folder, name, whole, true), link.gone]);
      return new SongOnDisk(link, home, whole);
    } catch (cause) {
      void link.end().then(home.leave);
      throw archivedSongGone({ cause });
    }
  }

  private constructor(link: Link, home: LongFolder, facts: DiskSongFacts) {
    this.#link = link;
    this.#home = home;
    this.sampleRate = facts.sampleRate;
    this.channels = facts.channels;
    this.samples = facts.samples;
    this.brokeOff = facts.brokeOff;
  }

  /**
   * Keeps vocals from sample `start` on, and columns of the spectrograms.
   *
   * @returns whether the columns are kept: where there is no room for them, the vocals are all the same
   * @throws LongSongError when the disk refuses; what was there stays
   */
  async write(start: number, vocals: readonly Float32Array[], columns?: StoredColumns): Promise<boolean> {
    // Copies that are handed over: what is copied on the way lies about, in messages, until the garbage is collected.
    const copies = vocals.map((channel) => channel.slice());
    const shown = columns && { ...columns, mixture: columns.mixture.slice(), mask: columns.mask.slice() };
    const arrays = [...copies, ...(shown ? [shown.mixture, shown.mask] : [])];
    return await this.#link.engine.write(
      start,
      Comlink.transfer(
        copies,
        arrays.map(({ buffer }) => buffer),
      ),
      shown,
    );
  }

  /** Nothing more is written from now on: it can be kept. @throws DOMException when the disk refuses */
  async seal(): Promise<void> {
    await this.#link.engine.seal();
  }

  /** Frames [first, end) of the spectrograms, as they were written, with `bins` cells each. */
  async readPictures(first: number, end: number, bins: number): Promise<SpectrogramColumns> {
    return await this.#link.engine.readPictures(first, end, bins);
  }

  /** Original and vocals of samples [start, end). */
  async read(start: number, end: number): Promise<SongPiece> {
    return await this.#link.engine.read(start, end);
  }

  /** The original, for one separation. */
  forSeparation(): PortSong {
    const { port1, port2 } = new MessageChannel();
    void this.#link.engine.lendOriginal(Comlink.transfer(port1, [port1]));
    return { sampleRate: this.sampleRate, channelCount: this.channels, samples: this.samples, port: port2 };
  }

  /** Original and vocals, for one reader of a worker: answers `read` by Comlink. */
  forReading(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    void this.#link.engine.lendSong(Comlink.transfer(port1, [port1]));
    return port2;
  }

  /** Blocks for one player: see BlockOrder. */
  forPlaying(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    void this.#link.engine.feed(Comlink.transfer(port1, [port1]));
    return port2;
  }

  /** Closes the song; takes it off the disk unless it was kept. */
  async dispose(): Promise<void> {
    await this.#link.end();
    await this.#home.leave();
  }
}

/** A worker that runs. */
interface Link {
  readonly engine: Comlink.Remote<DiskSongEngine>;
  /** Rejects when the worker stops by itself, or the signal fires; never resolves. */
  readonly gone: Promise<never>;
  /** Ends it, once it has let go of its files. */
  end(): Promise<void>;
}

function start(signal: AbortSignal | undefined): Link {
  const worker = new Worker(new URL('./disk-song.worker.ts', import.meta.url), { type: 'module', name: 'long song' });
  const engine = Comlink.wrap<DiskSongEngine>(worker);
  const gone = new Promise<never>((_, reject) => {
    worker.onerror = (event) => reject(new Error(`The worker stopped: ${event.message}`));
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  // Nobody may be waiting when a song that is open is given up.
  gone.catch(() => undefined);
  return {
    engine,
    gone,
    async end() {
      await engine.close().catch(() => undefined);
      worker.terminate();
    },
  };
}
