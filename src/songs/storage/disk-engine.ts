import type { SpectrogramColumns } from '../../dsp/spectrogram-scale.ts';
import type { StoredColumns } from './disk-spectrogram.ts';
import type { SongPiece } from './song-source.ts';

/** What is known of a song on disk. */
export interface DiskSongFacts {
  readonly sampleRate: number;
  readonly channels: 1 | 2;
  /** Samples of one channel. */
  readonly samples: number;
  /** The file broke off before its end: this is what could be decoded. */
  readonly brokeOff: boolean;
}

/** What the worker offers: see disk-song.worker.ts. Every call may reject with AudioDecodeError or LongSongError. */
export interface DiskSongEngine {
  /**
   * Decodes a file to the disk. A worker does this, or serves: the memory that decoding has taken goes with it.
   *
   * @param folder name of the song's folder; see long-folder.ts
   * @param room bytes that may be used; default: what the browser says is left
   */
  decode(
    folder: string,
    file: Blob,
    name: string,
    onProgress: (seconds: number, expected: number) => void,
    room?: number,
  ): Promise<DiskSongFacts>;
  /** Opens a song that is on the disk, for all that follows. @param sealed see `seal` */
  serve(folder: string, name: string, facts: DiskSongFacts, sealed: boolean): Promise<void>;
  /**
   * Keeps vocals from sample `start` on, and columns of the spectrograms.
   *
   * @returns whether there was room for the columns
   */
  write(start: number, vocals: readonly Float32Array[], columns: StoredColumns | undefined): Promise<boolean>;
  /** Nothing more is written: what was is on the disk from then on, and others can open it, too. */
  seal(): Promise<void>;
  /** Original and vocals of [start, end). */
  read(start: number, end: number): Promise<SongPiece>;
  /** Frames [first, end) of the spectrograms, with `bins` cells each; silence where nothing was written. */
  readPictures(first: number, end: number, bins: number): Promise<SpectrogramColumns>;
  /** Answers `read` of the original on this port, by Comlink. */
  lendOriginal(port: MessagePort): void;
  /** Answers `read` of both on this port, by Comlink. */
  lendSong(port: MessagePort): void;
  /** Sends blocks to a player: see BlockOrder. */
  feed(port: MessagePort): void;
  /** Lets go of the files, also in the middle of decoding. */
  close(): Promise<void>;
}

/** Samples of one block that is played. */
export const BLOCK_SAMPLES = 1 << 16;

/** What the player asks for. */
export interface BlockOrder {
  /** Numbers of blocks, the most urgent first. */
  readonly need: readonly number[];
}

/** What comes to the player: a block, or vocals that are new, wherever they lie. */
export type BlockMessage =
  | { readonly index: number; readonly piece: SongPiece }
  | { readonly start: number; readonly vocals: readonly Float32Array[] };
