import * as Comlink from 'comlink';
import type { SongStorage } from '../../songs/storage/song-storage.ts';
import type { ExportOutcome, ExportSource } from './export-engine.ts';
import { ExportLink } from './export-link.ts';
import type { ExportRequest } from './export-request.ts';

/** Where the samples and the tags of an export come from. */
export interface ExportSong {
  readonly store: SongStorage;
  /** The file that the song came from. */
  readonly file: Blob | undefined;
}

/**
 * Exports a separated song to files, in a worker that starts with the first export.
 *
 * @example
 * const client = new ExportClient(() => ({ store, file }));
 * const outcome = await client.run(request, undefined, (part) => show(part));
 */
export class ExportClient {
  readonly #song: () => ExportSong;
  readonly #link = new ExportLink();

  /** @param song gives the song as it is when an export begins */
  constructor(song: () => ExportSong) {
    this.#song = song;
  }

  /**
   * Exports a file after all painted changes have been rendered into the vocals.
   * @param target a file that the person chose; undefined: the outcome holds the file
   * @param onProgress receives the finished part, 0 to 1
   * @param minus the result that is subtracted, if the difference is saved
   */
  async run(
    request: ExportRequest,
    target: FileSystemFileHandle | undefined,
    onProgress: (part: number) => void,
    minus?: SongStorage,
  ): Promise<ExportOutcome> {
    const song = this.#song();
    const settled = Promise.all([song.store.settled, minus?.settled]).then(() => undefined);
    return await this.#link.call<ExportOutcome>(
      async (engine) => await engine.run(request, exportSource(song, minus), target, Comlink.proxy(onProgress)),
      settled,
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

/** A song as the worker takes it; with `minus`, the difference to another result of it. */
export function exportSource({ store, file }: ExportSong, minus?: SongStorage): ExportSource {
  const source = { song: store.handle(), file, minus: minus?.handle() };
  const ports = [source.song, source.minus].flatMap((song) => (song?.from.kind === 'port' ? [song.from.port] : []));
  // Comlink transfers what is registered for the outermost object.
  return Comlink.transfer(source, ports);
}
