import type { FolderStore } from '../../core/folder-store.ts';
import { decodePainting, encodePainting, type Painting, type StoredPainting } from '../painting/painting-format.ts';
import { archivedSongGone } from '../storage/archive-errors.ts';
import { LEVELS_PATH, MASK_PATH, originalPath, SONG_FILE, SOURCE_PATH, vocalsPath } from '../storage/song-files.ts';
import { type ArchiveEntry, byAge, type Exclusive, inspectFolder, type ReadableEntry } from './archive-entry.ts';
import { type ArchivedSong, describeSong, expectedFiles, type SongFacts, songJson } from './archived-song.ts';

/** A separated song on its way to the shelf, or from it. All arrays of one kind have one length. */
export interface SongContent {
  readonly original: readonly Float32Array[];
  readonly vocals: readonly Float32Array[];
  /** The network's mask, 65535 being 1, frame by frame. */
  readonly mask: Uint16Array;
  /** The mixture's levels: see kept-mask.ts. */
  readonly levels: Uint8Array;
}

/** A kept song with its numbers. */
export interface LoadedSong extends SongContent {
  readonly song: ArchivedSong;
  readonly source: Blob;
  /** What was painted on it: the vocals are those of the painting. */
  readonly painting: Painting | undefined;
}

/** See `paint`. */
const PAINTING_PATHS = ['painting-a', 'painting-b'] as const;

/**
 * The separated songs that are kept in the browser, a folder each. song.json is written last: a folder without one is a
 * write that did not end, and is swept away. Everything runs under one lock, so that two pages cannot take from each
 * other what is half there.
 */
export class ArchiveFolders {
  readonly #store: FolderStore;
  readonly #exclusive: Exclusive;

  constructor(store: FolderStore, exclusive: Exclusive = (act) => act()) {
    this.#store = store;
    this.#exclusive = exclusive;
  }

  /** All songs, the oldest first; takes away what was not written to its end. */
  list(): Promise<readonly ArchiveEntry[]> {
    return this.#exclusive(async () => {
      const found: ArchiveEntry[] = [];
      for (const id of await this.#store.folders()) {
        const entry = await this.#inspect(id);
        if (entry) found.push(entry);
        else await this.#store.remove(id);
      }
      return byAge(found);
    });
  }

  /**
   * Keeps a song.
   *
   * @throws whatever the browser throws, a QuotaExceededError where there is no room; nothing of the song is left then
   */
  keep(facts: SongFacts, content: SongContent, source: Blob, now = Date.now()): Promise<ReadableEntry> {
    return this.#exclusive(async () => {
      const { id } = facts;
      const song = describeSong(facts, expectedFiles, now);
      try {
        const write = (path: string, array: ArrayBufferView) => this.#store.write(id, path, bytesOf(array));
        for (const [channel, samples] of content.original.entries()) await write(originalPath(channel), samples);
        for (const [channel, samples] of content.vocals.entries()) await write(vocalsPath(channel), samples);
        await write(MASK_PATH, content.mask);
        await write(LEVELS_PATH, content.levels);
        await this.#store.copy(id, SOURCE_PATH, source);
        await this.#store.write(id, SONG_FILE, songJson(song));
        const entry = await this.#inspect(id);
        if (!entry?.song) throw new Error('The browser did not keep what was written.');
        return { ...entry, song: entry.song };
      } catch (error) {
        await this.#store.remove(id).catch(() => undefined);
        throw error;
      }
    });
  }

  /**
   * The song with its numbers.
   *
   * @param placed puts a channel where it is to lie, one at a time
   * @throws UnsungError where it is gone or damaged
   */
  load(id: string, placed: (samples: Float32Array) => Float32Array = (samples) => samples): Promise<LoadedSong> {
    return this.#exclusive(async () => {
      const song = (await this.#inspect(id))?.song;
      if (!song) throw archivedSongGone();
      const read = async (path: string) => {
        const bytes = await this.#store.read(id, path);
        if (!bytes) throw archivedSongGone();
        return bytes;
      };
      const channels = async (pathOf: (channel: number) => string) => {
        const all: Float32Array[] = [];
        for (let channel = 0; channel < song.channels; channel++) {
          all.push(placed(new Float32Array((await read(pathOf(channel))).buffer)));
        }
        return all;
      };
      const vocals = await channels(vocalsPath);
      const painting = (await this.#newestPainting(song))?.painting;
      for (const [n, { start }] of (painting?.spans ?? []).entries()) {
        for (const [c, channel] of vocals.entries()) channel.set(painting?.sound[n][c] ?? [], start);
      }
      return {
        song,
        painting: painting && { frames: painting.frames, rows: painting.rows.slice(), spans: painting.spans },
        original: await channels(originalPath),
        vocals,
        mask: new Uint16Array((await read(MASK_PATH)).buffer),
        levels: await read(LEVELS_PATH),
        source: new Blob([await read(SOURCE_PATH)], { type: song.source.type }),
      };
    });
  }

  /**
   * Keeps what was painted on a kept song, beside the network's own: in one of two files, so that the one before is there
   * until the new one is whole.
   *
   * @throws as `keep`, what was there stays; UnsungError where the song is gone
   */
  paint(id: string, painting: Painting, vocals: readonly Float32Array[], now = Date.now()): Promise<void> {
    return this.#exclusive(async () => {
      const song = (await this.#inspect(id))?.song;
      if (!song) throw archivedSongGone();
      const newest = await this.#newestPainting(song);
      const serial = Math.max(now, (newest?.painting.serial ?? 0) + 1);
      const path = PAINTING_PATHS.find((other) => other !== newest?.path) as string;
      await this.#store.write(id, path, encodePainting(painting, serial, song.scale.bins, vocals));
    });
  }

  /** The later one of a song's two paintings that is whole. */
  async #newestPainting(song: ArchivedSong): Promise<{ path: string; painting: StoredPainting } | undefined> {
    const { id, scale, channels, samples } = song;
    let newest: { path: string; painting: StoredPainting } | undefined;
    for (const path of PAINTING_PATHS) {
      const bytes = await this.#store.read(id, path);
      const painting = bytes && decodePainting(bytes, { frames: scale.frames, bins: scale.bins, channels, samples });
      if (painting && painting.serial > (newest?.painting.serial ?? -1)) newest = { path, painting };
    }
    return newest;
  }

  /** The file that a kept song came from, where it lies; undefined: there is none. */
  async source(id: string): Promise<Blob | undefined> {
    return await this.#store.file(id, SOURCE_PATH);
  }

  /** Removes a song; nothing happens where there is none of this id. */
  remove(id: string): Promise<void> {
    return this.#exclusive(() => this.#store.remove(id));
  }

  #inspect(id: string): Promise<ArchiveEntry | undefined> {
    return inspectFolder(this.#store, id, expectedFiles);
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
