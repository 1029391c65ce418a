import * as Comlink from 'comlink';
import { type ExportSong, readPieces, songHandle } from './export-client.ts';
import type { BatchOutcome, SongHandle } from './export-engine.ts';
import { ExportLink } from './export-link.ts';
import type { BatchOrder } from './run-batch-export.ts';

/**
 * Saves the stems of several songs as one ZIP, in a worker that starts with the first one.
 *
 * @example
 * const client = new BatchExportClient();
 * const outcome = await client.run(order, (index) => songs[index], undefined, (part) => show(part));
 */
export class BatchExportClient {
  readonly #link = new ExportLink();

  /**
   * @param open gives a song of the order when its turn comes; undefined: it cannot be read any more. No more than one
   *   is held here
   * @param target a file that the person chose; undefined: the outcome holds the file
   * @param onProgress receives the finished part, 0 to 1
   */
  async run(
    order: BatchOrder,
    open: (index: number) => Promise<ExportSong | undefined>,
    target: FileSystemFileHandle | undefined,
    onProgress: (part: number) => void,
  ): Promise<BatchOutcome> {
    let read: ReturnType<typeof readPieces> | undefined;
    const openNext = async (index: number): Promise<SongHandle | undefined> => {
      read = undefined;
      const song = await open(index);
      if (!song) return undefined;
      await song.store.settled;
      const handle = songHandle(song);
      // Shared samples are the worker's too: nothing has to be kept here.
      if (!handle.shared) read = readPieces(song.store);
      return handle;
    };
    const readOpen: ReturnType<typeof readPieces> = (start, end) =>
      read ? read(start, end) : Promise.reject(new Error('No song is open.'));
    return await this.#link.call<BatchOutcome>(
      async (engine) =>
        await engine.runBatchExport(
          order,
          target,
          Comlink.proxy(openNext),
          Comlink.proxy(readOpen),
          Comlink.proxy(onProgress),
        ),
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
