import * as Comlink from 'comlink';
import type { StemStore } from '../stem-store.ts';
import type { ExportEngine, ExportOutcome } from './engine.ts';
import type { ExportOrder } from './order.ts';
import { isSharedSong, type SongPiece } from './song-source.ts';

/** Where the samples and the tags of an export come from. */
export interface ExportSong {
  readonly store: StemStore;
  /** The file that the song came from. */
  readonly file: Blob | undefined;
}

/**
 * Makes files of a separated song, in a worker that starts with the first one.
 *
 * @example
 * const client = new ExportClient({ store, file });
 * const outcome = await client.run(order, undefined, (part) => show(part));
 */
export class ExportClient {
  readonly #song: ExportSong;
  #worker: Worker | undefined;
  #engine: Comlink.Remote<ExportEngine> | undefined;
  #fail: (detail: string) => void = () => undefined;

  constructor(song: ExportSong) {
    this.#song = song;
  }

  /**
   * Makes a file.
   * @param target a file that the person chose; undefined: the outcome holds the file
   * @param onProgress receives the finished part, 0 to 1
   */
  async run(
    order: ExportOrder,
    target: FileSystemFileHandle | undefined,
    onProgress: (part: number) => void,
  ): Promise<ExportOutcome> {
    const { store, file } = this.#song;
    const { original, vocals } = store;
    const shared = isSharedSong(original, vocals)
      ? { original: original.channels, vocals: vocals.channels }
      : undefined;
    const song = {
      sampleRate: original.sampleRate,
      channels: original.channels.length,
      samples: store.totalSamples,
      shared,
      file,
    };
    const stopped = new Promise<ExportOutcome>((resolve) => {
      this.#fail = (detail) => resolve({ kind: 'failed', fault: 'encoder', detail });
    });
    const done = this.#start()
      .run(order, song, target, Comlink.proxy(readPieces(store)), Comlink.proxy(onProgress))
      .catch((error: unknown): ExportOutcome => ({ kind: 'failed', fault: 'encoder', detail: String(error) }));
    return await Promise.race([done, stopped]);
  }

  /** Ends what is going on: its outcome is “cancelled”. */
  async cancel(): Promise<void> {
    await this.#engine?.cancel();
  }

  /** Ends the worker. */
  dispose(): void {
    this.#engine?.[Comlink.releaseProxy]();
    this.#worker?.terminate();
    this.#engine = undefined;
    this.#worker = undefined;
    this.#fail('The page was closed.');
  }

  #start(): Comlink.Remote<ExportEngine> {
    if (this.#engine) return this.#engine;
    const worker = new Worker(new URL('./export.worker.ts', import.meta.url), { type: 'module', name: 'export' });
    // A worker whose script cannot be loaded says no more than that.
    worker.onerror = (event) => {
      const detail = event.message ?? 'The worker did not start.';
      this.#fail(detail);
      this.dispose();
    };
    this.#worker = worker;
    this.#engine = Comlink.wrap<ExportEngine>(worker);
    return this.#engine;
  }
}

/** Hands out copies: the worker keeps them for a moment, the page's own stay whole. */
function readPieces({ original, vocals, disk }: StemStore) {
  if (disk) {
    return async (start: number, end: number): Promise<SongPiece> => {
      const piece = await disk.read(start, end);
      return Comlink.transfer(
        piece,
        [...piece.original, ...piece.vocals].map(({ buffer }) => buffer as ArrayBuffer),
      );
    };
  }
  return async (start: number, end: number): Promise<SongPiece> => {
    const copy = (channels: readonly Float32Array[]) => channels.map((channel) => channel.slice(start, end));
    const piece = { original: copy(original.channels), vocals: copy(vocals.channels) };
    const buffers = [...piece.original, ...piece.vocals].map((channel) => channel.buffer as ArrayBuffer);
    return Comlink.transfer(piece, buffers);
  };
}
