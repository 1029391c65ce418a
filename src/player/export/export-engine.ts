import type { ErrorCode, Message } from '../../core/message.ts';
import type { SongHandle } from '../../songs/storage/song-handle.ts';
import type { ExportRequest } from './export-request.ts';
import type { BatchRequest, BatchResult } from './run-batch-export.ts';

/** A song as the page gives it to the worker. */
export interface ExportSource {
  readonly song: SongHandle;
  /** The file that the song came from, for its tags. */
  readonly file: Blob | undefined;
  /** The result of the song that is subtracted, if the difference is saved. */
  readonly minus?: SongHandle;
}

/** How an export ended. Not an exception: the page shows it in the user's language. */
export type ExportOutcome =
  | {
      readonly kind: 'done';
      readonly gain: number;
      readonly peak: number | undefined;
      /** The file, if it was not written to a file that the user chose. */
      readonly file: Blob | undefined;
      readonly bytes: number;
    }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly error: Message<ErrorCode> };

/** How saving several songs ended. */
export type BatchOutcome =
  | (BatchResult & { readonly kind: 'done'; readonly file: Blob | undefined; readonly bytes: number })
  | Exclude<ExportOutcome, { readonly kind: 'done' }>;

/** What the worker offers: see export.worker.ts. */
export interface ExportEngine {
  /**
   * Makes a file; one at a time.
   * @param target the file that the person chose; undefined: the bytes come back in the outcome
   */
  run(
    request: ExportRequest,
    source: ExportSource,
    target: FileSystemFileHandle | undefined,
    onProgress: (part: number) => void,
  ): Promise<ExportOutcome>;
  /**
   * Saves several songs; also one at a time.
   * @param open opens a song of the request by its index and closes the one before; undefined: it can no longer be read
   */
  runBatchExport(
    request: BatchRequest,
    target: FileSystemFileHandle | undefined,
    open: (index: number) => Promise<ExportSource | undefined>,
    onProgress: (part: number) => void,
  ): Promise<BatchOutcome>;
  /** Cancels the current export. */
  cancel(): void;
}
