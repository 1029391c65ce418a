import type { AudioShape, ExportFormat } from '../audio/encode/formats.ts';
import { Emitter } from '../core/emitter.ts';
import { type ErrorCode, type Message, message } from '../core/message.ts';
import type { BatchExportClient } from '../player/export/batch-export-client.ts';
import { type BatchRequest, batchBytes, batchFileName } from '../player/export/run-batch-export.ts';
import type { SongController } from './song-controller.ts';

const MIME_TYPE = 'application/zip';
/** 4 GiB: what a ZIP without ZIP64 can be; see audio/encode/zip.ts. */
const MAX_BYTES = 0xffffffff;

/** A separated song that is to be saved. */
export interface BatchSong {
  readonly id: string;
  readonly name: string;
  /** Name of its file without ending: its stems are named after it. */
  readonly baseName: string;
  readonly shape: AudioShape;
}

/** State of the batch export. */
export type BatchExportState =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'saving';
      /** 0 to 1. */
      readonly part: number;
      /** The song being written, with its place from 0; undefined: none yet. */
      readonly song: { readonly name: string; readonly place: number; readonly count: number } | undefined;
    }
  | {
      readonly kind: 'saved';
      readonly fileName: string;
      readonly bytes: number;
      readonly count: number;
      /** Names of songs that could no longer be read and are left out. */
      readonly unreadable: readonly string[];
      /** Names of songs that were made quieter to avoid clipping. */
      readonly quieter: readonly string[];
    }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly error: Message<ErrorCode> };

export type BatchExportEvents = {
  /** `state` has changed. */
  change: [];
  /** An unexpected error. */
  error: [error: unknown];
};

/** What saving several songs works with. */
export interface BatchExportOptions {
  readonly client: Pick<BatchExportClient, 'run' | 'cancel'>;
  readonly songs: Pick<SongController, 'read'>;
  /**
   * Asks the user for a file; undefined: use the browser's downloads.
   *
   * @throws AbortError if the user closed the dialogue
   */
  readonly chooseTarget: (name: string, mimeType: string, bytes: number) => Promise<FileSystemFileHandle | undefined>;
  /** Hands a file to the browser's downloads. */
  readonly handOver: (file: Blob, name: string) => void;
}

/** Saves the stems of several songs as one ZIP. */
export class BatchExport extends Emitter<BatchExportEvents> {
  readonly #options: BatchExportOptions;
  #state: BatchExportState = { kind: 'idle' };
  #busy = false;
  #release: (() => void) | undefined;

  constructor(options: BatchExportOptions) {
    super();
    this.#options = options;
  }

  /** State of the current or the last export. */
  get state(): BatchExportState {
    return this.#state;
  }

  /** Saves songs that are separated. Call it from a click. Never rejects. */
  async save(songs: readonly BatchSong[], format: ExportFormat): Promise<void> {
    if (this.#busy || songs.length === 0) return;
    const { client, chooseTarget, handOver } = this.#options;
    const request: BatchRequest = { format, songs: songs.map(({ baseName, shape }) => ({ ...shape, name: baseName })) };
    const bytes = batchBytes(request);
    if (bytes > MAX_BYTES) {
      this.#set(tooLarge());
      return;
    }
    const fileName = batchFileName(songs.length);
    const before = this.#state;
    this.#busy = true;
    try {
      const target = await chooseTarget(fileName, MIME_TYPE, bytes);
      this.#set({ kind: 'saving', part: 0, song: undefined });
      const outcome = await client.run(
        request,
        (place) => this.#read(songs, place),
        target,
        (part) => {
          if (this.#state.kind === 'saving') this.#set({ ...this.#state, part });
        },
      );
      if (outcome.kind === 'failed') {
        const isTooLarge = outcome.error.code === 'export.zip-too-large';
        this.#set(isTooLarge ? tooLarge() : outcome);
        return;
      }
      if (outcome.kind === 'cancelled') {
        this.#set(outcome);
        return;
      }
      if (outcome.file) handOver(outcome.file, fileName);
      const { saved, quieter } = outcome;
      const unreadable = songs.filter((_, place) => !saved.includes(place)).map(({ name }) => name);
      const quieterNames = quieter.map((place) => songs[place].name);
      this.#set({
        kind: 'saved',
        fileName,
        bytes: outcome.bytes,
        count: saved.length,
        unreadable,
        quieter: quieterNames,
      });
    } catch (error) {
      this.#set(before);
      // The user closed the dialogue.
      if ((error as Error).name !== 'AbortError') this.emit('error', error);
    } finally {
      this.#busy = false;
      this.#letGo();
    }
  }

  /** Cancels the export; the partial file is deleted. */
  cancel(): void {
    void this.#options.client.cancel();
  }

  async #read(songs: readonly BatchSong[], place: number) {
    const { id, name } = songs[place];
    if (this.#state.kind === 'saving') this.#set({ ...this.#state, song: { name, place, count: songs.length } });
    this.#letGo();
    try {
      const { storage, file, release } = await this.#options.songs.read(id);
      this.#release = release;
      return { store: storage, file: file.blob };
    } catch {
      // It was removed meanwhile, or is damaged: the result names it.
      return undefined;
    }
  }

  #letGo(): void {
    this.#release?.();
    this.#release = undefined;
  }

  #set(state: BatchExportState): void {
    this.#state = state;
    this.emit('change');
  }
}

function tooLarge(): BatchExportState {
  return { kind: 'failed', error: message('export.songs-too-large') };
}
