import * as Comlink from 'comlink';
import { freeMemory } from '../../core/memory.ts';
import { BlockFeed } from './block-feed.ts';
import { diskFault } from './long-song-errors.ts';
import type { OpfsSongFacts, OpfsSongServer } from './opfs-song-engine.ts';
import { closeFiles, flushFiles, type OpenSongFiles, type OpfsSongFiles } from './opfs-song-files.ts';
import { PaintedBlocks } from './painted-blocks.ts';
import { pieceBuffers, type SongPiece } from './song-source.ts';
import type { StoredColumns } from './spectrogram-file.ts';

interface OpenSong {
  readonly folder: string;
  readonly name: string;
  readonly facts: OpfsSongFacts;
  /** Undefined while they are opened anew. */
  files: OpfsSongFiles | undefined;
  sealed: boolean;
  readonly painted: PaintedBlocks;
  readonly feed: BlockFeed;
}

/** Bytes of a song's original and vocals. */
export function songBytes(samples: number, channels: number): number {
  return 2 * samples * channels * Float32Array.BYTES_PER_ELEMENT;
}

/** Reads and writes one song in files for all readers. @param openFiles opens the files of a song */
export function createOpfsSongServer(openFiles: OpenSongFiles): OpfsSongServer {
  let song: OpenSong | undefined;
  /** Pending while the files are reopened: nothing can be read then. */
  let sealing: Promise<void> | undefined;

  const opened = (): OpenSong & { files: OpfsSongFiles } => {
    if (!song?.files) throw new DOMException('The song was closed.', 'AbortError');
    return song as OpenSong & { files: OpfsSongFiles };
  };

  const readPiece = (start: number, end: number): SongPiece => {
    const { files, painted } = opened();
    const vocals = files.vocals.read(start, end);
    painted.cover(start, vocals);
    return { original: files.original.read(start, end), vocals };
  };

  const keepColumns = (files: OpfsSongFiles, columns: StoredColumns): boolean => {
    try {
      files.spectrogram.write(columns);
      return true;
    } catch {
      // The song can be played without.
      return false;
    } finally {
      freeMemory([columns.mixture, columns.mask]);
    }
  };

  /** The files are opened for reading alone: what another tab reads must not be open for writing. */
  const reopen = async (current: OpenSong & { files: OpfsSongFiles }): Promise<void> => {
    const { folder, facts, files } = current;
    flushFiles(files);
    closeFiles(files);
    (current as OpenSong).files = undefined;
    try {
      current.files = await openFiles(folder, facts.channels, 'read');
      current.sealed = true;
    } catch (cause) {
      // It can be played all the same.
      current.files = await openFiles(folder, facts.channels, 'write');
      throw cause;
    }
  };

  return {
    async serve(folder, name, facts, sealed) {
      const files = await openFiles(folder, facts.channels, sealed ? 'read' : 'write');
      const { samples } = facts;
      const read = (start: number, end: number) => (song?.files ? readPiece(start, end) : undefined);
      const feed = new BlockFeed({ samples, read, ready: () => sealing });
      song = { folder, name, facts, files, sealed, painted: new PaintedBlocks(), feed };
    },

    async write(start, vocals, columns) {
      const { files, facts, name, painted, feed } = opened();
      const fitting = vocals.map((channel) => channel.subarray(0, Math.max(0, facts.samples - start)));
      try {
        files.vocals.write(start, fitting);
      } catch (cause) {
        throw diskFault(name, songBytes(facts.samples, facts.channels), cause);
      }
      painted.update(start, fitting);
      const hasColumns = keepColumns(files, columns);
      feed.changed(start, fitting);
      freeMemory(vocals);
      return hasColumns;
    },

    async writeColumns(columns) {
      return keepColumns(opened().files, columns);
    },

    async amend(start, vocals) {
      await sealing;
      const { facts, painted, feed } = opened();
      const fitting = vocals.map((channel) => channel.subarray(0, Math.max(0, facts.samples - start)));
      painted.put(start, fitting);
      feed.changed(start, fitting);
    },

    async seal() {
      await sealing;
      const current = opened();
      if (current.sealed) return;
      const done = reopen(current);
      sealing = done.catch(() => undefined);
      try {
        await done;
      } finally {
        sealing = undefined;
      }
    },

    async read(start, end) {
      await sealing;
      const piece = readPiece(start, end);
      return Comlink.transfer(piece, pieceBuffers(piece));
    },

    async readColumns(first, end, bins) {
      await sealing;
      const columns = opened().files.spectrogram.read(first, end, bins);
      return Comlink.transfer(columns, [columns.mixture.buffer, columns.mask.buffer] as ArrayBuffer[]);
    },

    async readCells(first, end, bins) {
      await sealing;
      const cells = opened().files.spectrogram.readCells(first, end, bins);
      return Comlink.transfer(cells, [cells.cells.buffer, cells.levels.buffer] as ArrayBuffer[]);
    },

    shareOriginal(port) {
      const read = async (start: number, end: number) => {
        await sealing;
        const channels = opened().files.original.read(start, end);
        return Comlink.transfer(
          channels,
          channels.map(({ buffer }) => buffer),
        );
      };
      Comlink.expose({ read }, port);
    },

    feed: (port) => song?.feed.add(port),

    async close() {
      await sealing;
      song?.feed.close();
      if (song?.files) closeFiles(song.files);
      song = undefined;
    },
  };
}
