import type { FolderStore } from '../../core/folder-store.ts';
import {
  decodePainting,
  encodePainting,
  type SoundingPainting,
  type StoredPainting,
} from '../painting/painting-format.ts';
import { archivedSongGone } from '../storage/archive-errors.ts';
import { removeUnkept, sweepLeftovers, type WhileUnused } from '../storage/leftovers.ts';
import {
  LEVELS_PATH,
  MASK_PATH,
  originalPath,
  SONG_FILE,
  SOURCE_PATH,
  TITLE_FILE,
  vocalsPath,
} from '../storage/song-files.ts';
import type { SongContent } from '../storage/song-source.ts';
import { type ArchiveEntry, byAge, type Exclusive, inspectFolder, type ReadableEntry } from './archive-entry.ts';
import {
  type ArchivedSong,
  describeSong,
  layoutOf,
  type SongFacts,
  type SongTitle,
  songJson,
} from './archived-song.ts';

/** A kept song. */
export interface LoadedArchivedSong {
  readonly song: ArchivedSong;
  /** The source file. */
  readonly source: Blob;
  /** Its arrays, with painted vocals; undefined: the samples stay in the files of its folder, without the painting. */
  readonly content: SongContent | undefined;
  /** What was painted on it. */
  readonly painting: SoundingPainting | undefined;
}

/** See `paint`. */
const PAINTING_PATHS = ['painting-a', 'painting-b'] as const;

export interface ArchiveFoldersOptions {
  /** Runs one act at a time across all pages and workers, so that none sees or removes a half-written song. */
  readonly exclusive?: Exclusive;
  /** Runs an act while no page has the song open. Default: runs it at once. */
  readonly whileUnused?: WhileUnused;
}

/**
 * The archived songs in one storage of the browser, a folder each. song.json is written last and makes a folder an
 * archived song. A folder without it is an unfinished write, or a song that is being separated; it is removed when no
 * page has it open.
 */
export class ArchiveFolders {
  readonly #store: FolderStore;
  readonly #exclusive: Exclusive;
  readonly #whileUnused: WhileUnused;

  constructor(
    store: FolderStore,
    { exclusive = (act) => act(), whileUnused = (_, act) => act() }: ArchiveFoldersOptions = {},
  ) {
    this.#store = store;
    this.#exclusive = exclusive;
    this.#whileUnused = whileUnused;
  }

  /** All songs, the oldest first. Removes unfinished writes. */
  list(): Promise<readonly ArchiveEntry[]> {
    return this.#exclusive(async () => {
      await sweepLeftovers(this.#store, this.#whileUnused);
      const found: ArchiveEntry[] = [];
      for (const id of await this.#store.folders()) {
        const entry = await inspectFolder(this.#store, id);
        if (entry) found.push(entry);
      }
      return byAge(found);
    });
  }

  /**
   * Keeps a song.
   *
   * @param content arrays to write; undefined: samples and spectrograms are already complete in its folder, and the
   *   caller has the song open
   * @throws whatever the browser throws, a QuotaExceededError if there is no space; then nothing written remains
   */
  async keep(
    facts: SongFacts,
    content: SongContent | undefined,
    source: Blob,
    now = Date.now(),
  ): Promise<ReadableEntry> {
    const { id } = facts;
    const copySource = () => this.#store.copy(id, SOURCE_PATH, source);
    try {
      // Where the song's own lock holds the folder, the copy needs no other: it may be a gigabyte.
      if (!content) await copySource();
      return await this.#exclusive(async () => {
        if (content) {
          await this.#writeContent(id, content);
          await copySource();
        }
        const layout = content ? 'planar' : 'interleaved';
        await this.#store.write(id, SONG_FILE, songJson(describeSong(facts, layout, now)));
        const entry = await inspectFolder(this.#store, id);
        if (!entry?.song) throw new Error('The browser did not keep what was written.');
        return { ...entry, song: entry.song };
      });
    } catch (error) {
      if (content) await this.#store.remove(id).catch(() => undefined);
      else for (const path of [SONG_FILE, SOURCE_PATH]) await this.#store.removeFile(id, path).catch(() => undefined);
      throw error;
    }
  }

  /**
   * A kept song.
   *
   * @param placed moves a channel to its final memory, one at a time
   * @returns undefined where there is no song of this id
   * @throws UnsungError where it is damaged
   */
  load(
    id: string,
    placed: (samples: Float32Array) => Float32Array = (samples) => samples,
  ): Promise<LoadedArchivedSong | undefined> {
    return this.#exclusive(async () => {
      const entry = await inspectFolder(this.#store, id);
      if (!entry) return undefined;
      const { song } = entry;
      if (!song) throw archivedSongGone();
      const painting = (await this.#newestPainting(song))?.painting;
      const content = layoutOf(song) === 'planar' ? await this.#readContent(song, placed, painting) : undefined;
      // The source file of a song in memory is read now, so that the song survives its removal; that of a long song is too large.
      const source = content ? new Blob([await this.#read(id, SOURCE_PATH)]) : await this.#store.file(id, SOURCE_PATH);
      if (!source) throw archivedSongGone();
      return {
        song,
        source: source.slice(0, source.size, song.source.type),
        content,
        painting: painting && { ...painting, rows: painting.rows.slice() },
      };
    });
  }

  /**
   * Stores the painting of an archived song beside the network's mask and vocals, in one of two files in turn, so that the
   * previous painting exists until the new one is complete.
   *
   * @returns false where there is no song of this id
   * @throws as `keep`, with the old painting unchanged; UnsungError if the song is damaged
   */
  paint(id: string, painting: SoundingPainting, now = Date.now()): Promise<boolean> {
    return this.#exclusive(async () => {
      const entry = await inspectFolder(this.#store, id);
      if (!entry) return false;
      const { song } = entry;
      if (!song) throw archivedSongGone();
      const newest = await this.#newestPainting(song);
      const serial = Math.max(now, (newest?.painting.serial ?? 0) + 1);
      const path = PAINTING_PATHS.find((other) => other !== newest?.path) as string;
      const bytes = encodePainting({ ...painting, serial }, { bins: song.scale.bins, channels: song.channels });
      await this.#store.write(id, path, bytes);
      return true;
    });
  }

  /**
   * Gives an archived song another name and cover. They lie beside song.json, which is never written again: a write that
   * is cut off costs no song.
   *
   * @returns false where there is no song of this id that can be read
   */
  retitle(id: string, title: SongTitle): Promise<boolean> {
    return this.#exclusive(async () => {
      if (!(await inspectFolder(this.#store, id))?.song) return false;
      await this.#store.write(id, TITLE_FILE, new TextEncoder().encode(JSON.stringify(title)));
      return true;
    });
  }

  /** The source file of an archived song, on disk; undefined: there is none. */
  async source(id: string): Promise<Blob | undefined> {
    return await this.#store.file(id, SOURCE_PATH);
  }

  /** Removes a song, if it exists. If a page has it open, its files are deleted when it is closed. */
  remove(id: string): Promise<void> {
    return this.#exclusive(async () => {
      await this.#store.removeFile(id, SONG_FILE);
      await this.#whileUnused(id, () => removeUnkept(this.#store, id), 'later');
    });
  }

  async #writeContent(id: string, { original, vocals, mask, levels }: SongContent): Promise<void> {
    const write = (path: string, array: ArrayBufferView) => this.#store.write(id, path, bytesOf(array));
    for (const [channel, samples] of original.entries()) await write(originalPath(channel), samples);
    for (const [channel, samples] of vocals.entries()) await write(vocalsPath(channel), samples);
    await write(MASK_PATH, mask);
    await write(LEVELS_PATH, levels);
  }

  async #readContent(
    { id, channels }: ArchivedSong,
    placed: (samples: Float32Array) => Float32Array,
    painting: StoredPainting | undefined,
  ): Promise<SongContent> {
    const readAll = async (pathOf: (channel: number) => string) => {
      const all: Float32Array[] = [];
      for (let channel = 0; channel < channels; channel++) {
        all.push(placed(new Float32Array((await this.#read(id, pathOf(channel))).buffer)));
      }
      return all;
    };
    const vocals = await readAll(vocalsPath);
    for (const [n, { start }] of (painting?.spans ?? []).entries()) {
      for (const [c, channel] of vocals.entries()) channel.set(painting?.sound[n][c] ?? [], start);
    }
    return {
      original: await readAll(originalPath),
      vocals,
      mask: new Uint16Array((await this.#read(id, MASK_PATH)).buffer),
      levels: await this.#read(id, LEVELS_PATH),
    };
  }

  async #read(id: string, path: string): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await this.#store.read(id, path);
    if (!bytes) throw archivedSongGone();
    return bytes;
  }

  /** The newest complete one of a song's two paintings. */
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
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
