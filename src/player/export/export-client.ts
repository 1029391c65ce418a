import * as Comlink from 'comlink';
import { isSharedSong, type SongPiece } from '../../songs/storage/song-source.ts';
import type { StemStore } from '../../songs/storage/stem-store.ts';
import type { ExportOutcome, SongHandle } from './export-engine.ts';
import { ExportLink } from './export-link.ts';
import type { ExportOrder } from './export-order.ts';

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
  readonly #link = new ExportLink();

  constructor(song: ExportSong) {
    this.#song = song;
  }

  /**
   * Makes a file, once all that was painted is in the song's vocals.
   * @param target a file that the person chose; undefined: the outcome holds the file
   * @param onProgress receives the finished part, 0 to 1
   */
  async run(
    order: ExportOrder,
    target: FileSystemFileHandle | undefined,
    onProgress: (part: number) => void,
  ): Promise<ExportOutcome> {
    const read = Comlink.proxy(readPieces(this.#song.store));
    return await this.#link.call<ExportOutcome>(
      async (engine) => await engine.run(order, songHandle(this.#song), target, read, Comlink.proxy(onProgress)),
      this.#song.store.settled,
    );
  }

  /** Ends what is going on: its outcome is “cancelled”. */
  cancel(): Promise<void> {
    return this.#link.cancel();
  }

  /** Ends the worker. */
  dispose(): void {
    this.#link.dispose();
  }
}

/** A song as the worker takes it. */
export function songHandle({ store, file }: ExportSong): SongHandle {
  const { original, vocals } = store;
  return {
    sampleRate: original.sampleRate,
    channels: original.channels.length,
    samples: store.totalSamples,
    shared: isSharedSong(original, vocals) ? { original: original.channels, vocals: vocals.channels } : undefined,
    file,
  };
}

/** Hands out copies: the worker keeps them for a moment, the page's own stay whole. */
export function readPieces({ original, vocals, disk }: StemStore) {
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
