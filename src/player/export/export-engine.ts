import type { ErrorCode, Message } from '../../core/message.ts';
import type { SongPiece } from '../../songs/storage/song-source.ts';
import type { ExportOrder } from './export-order.ts';
import type { BatchOrder, BatchResult } from './run-batch-export.ts';

/** A song as the page gives it to the worker. */
export interface SongHandle {
  readonly sampleRate: number;
  readonly channels: number;
  readonly samples: number;
  /** The samples where they are in shared memory; else the worker asks for them piece by piece. */
  readonly shared: SongPiece | undefined;
  /** The file that the song came from, for its tags. */
  readonly file: Blob | undefined;
}

/** How an export ended. Not an exception: the page says it in the person's language. */
export type ExportOutcome =
  | {
      readonly kind: 'done';
      readonly gain: number;
      readonly peak: number | undefined;
      /** The file, where it was not written to a file of the person's choice. */
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
   * @param read samples [start, end), for a song that is not shared
   */
  run(
    order: ExportOrder,
    song: SongHandle,
    target: FileSystemFileHandle | undefined,
    read: (start: number, end: number) => Promise<SongPiece>,
    onProgress: (part: number) => void,
  ): Promise<ExportOutcome>;
  /**
   * Saves several songs; also one at a time.
   * @param open gives a song of the order; undefined: it cannot be read any more. It lets go of the one before
   * @param read samples of the song that was opened last, where it is not shared
   */
  runBatchExport(
    order: BatchOrder,
    target: FileSystemFileHandle | undefined,
    open: (index: number) => Promise<SongHandle | undefined>,
    read: (start: number, end: number) => Promise<SongPiece>,
    onProgress: (part: number) => void,
  ): Promise<BatchOutcome>;
  /** Ends what is going on. */
  cancel(): void;
}
