import * as Comlink from 'comlink';
import { type ExportSong, exportSource } from './export-client.ts';
import type { BatchOutcome, ExportSource } from './export-engine.ts';
import { ExportLink } from './export-link.ts';
import type { BatchRequest } from './run-batch-export.ts';

/**
 * Saves the stems of several songs as one ZIP, in a worker that starts with the first export.
 *
 * @example
 * const client = new BatchExportClient();
 * const outcome = await client.run(request, (index) => songs[index], undefined, (part) => show(part));
 */
export class BatchExportClient {
  readonly #link = new ExportLink();

  /**
   * @param open opens a song of the request by its index; undefined: it can no longer be read. At most one song is open
   * @param target a file that the person chose; undefined: the outcome holds the file
   * @param onProgress receives the finished part, 0 to 1
   */
  async run(
    request: BatchRequest,
    open: (index: number) => Promise<ExportSong | undefined>,
    target: FileSystemFileHandle | undefined,
    onProgress: (part: number) => void,
  ): Promise<BatchOutcome> {
    const openNext = async (index: number): Promise<ExportSource | undefined> => {
      const song = await open(index);
      if (!song) return undefined;
      await song.store.settled;
      return exportSource(song);
    };
    return await this.#link.call<BatchOutcome>(
      async (engine) =>
        await engine.runBatchExport(request, target, Comlink.proxy(openNext), Comlink.proxy(onProgress)),
    );
  }

  /** Cancels the current export: its outcome is “cancelled”. */
  cancel(): Promise<void> {
    return this.#link.cancel();
  }

  /** Ends the worker. */
  dispose(): void {
    this.#link.dispose();
  }
}
