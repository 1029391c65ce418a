import type { SpectrogramColumns } from '../../dsp/spectrogram-scale.ts';
import type { SongPiece, SongShape } from './song-source.ts';
import type { SpectrogramCells } from './spectrogram-cells.ts';
import type { StoredColumns } from './spectrogram-file.ts';

/** What is known of a song in files. */
export interface OpfsSongFacts extends SongShape {
  readonly channels: 1 | 2;
}

/** What the worker of an open song does; see opfs-song-server.ts. */
export interface OpfsSongServer {
  /**
   * Opens a song whose files are there, for all that follows.
   *
   * @param sealed its files are for reading alone: see `seal`
   */
  serve(folder: string, name: string, facts: OpfsSongFacts, sealed: boolean): Promise<void>;
  /**
   * Stores vocals from sample `start` on, and columns of the spectrograms.
   *
   * @returns whether there was space for the columns
   * @throws LongSongError when the disk refuses the vocals
   */
  write(start: number, vocals: readonly Float32Array[], columns: StoredColumns): Promise<boolean>;
  /** Stores columns that found no space before. @returns whether there was space now */
  writeColumns(columns: StoredColumns): Promise<boolean>;
  /** Puts painted vocals over those in the file, from sample `start` on; in memory, and as long as the song is open. */
  amend(start: number, vocals: readonly Float32Array[]): Promise<void>;
  /** Ends writing: all data is on the disk, and others can open the files. */
  seal(): Promise<void>;
  /** Original and vocals of [start, end). */
  read(start: number, end: number): Promise<SongPiece>;
  /** Frames [first, end) of the spectrograms, with `bins` cells each; silence where nothing was written. */
  readColumns(first: number, end: number, bins: number): Promise<SpectrogramColumns>;
  /** The same as the files have it. */
  readCells(first: number, end: number, bins: number): Promise<SpectrogramCells>;
  /** Answers `read` of the original on this port, by Comlink: see PortSong. */
  shareOriginal(port: MessagePort): void;
  /** Sends blocks to a player: see PlayerSource. */
  feed(port: MessagePort): void;
  /** Closes the files. */
  close(): Promise<void>;
}

/** What the worker offers; see opfs-song.worker.ts. Calls may reject with AudioDecodeError or LongSongError. */
export interface OpfsSongEngine extends OpfsSongServer {
  /**
   * Decodes a file to the disk. A worker either decodes or serves, so that ending it frees the memory of decoding.
   *
   * @param folder name of the song's folder; see long-song-folder.ts
   * @param track see OpenSongOptions
   * @param space bytes that may be used; default: what the browser says is left
   */
  decode(
    folder: string,
    file: Blob,
    name: string,
    onProgress: (seconds: number, expected: number) => void,
    track?: number,
    space?: number,
  ): Promise<OpfsSongFacts>;
}
