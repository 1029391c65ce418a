import { UnsungError } from '../../errors.ts';
import type { FolderStore } from '../../model/folder-store.ts';
import {
  expectedFiles,
  KEPT_VERSION,
  type KeptSong,
  keptBytes,
  LEVELS_PATH,
  MASK_PATH,
  originalPath,
  parseKeptSong,
  SONG_FILE,
  SOURCE_PATH,
  vocalsPath,
} from './kept-song.ts';
import { decodePainting, encodePainting, type KeptPainting, type Painting } from './painting.ts';

/** A separated song on its way to the shelf, or from it. All arrays of one kind have one length. */
export interface SongContent {
  readonly original: readonly Float32Array[];
  readonly vocals: readonly Float32Array[];
  /** The network's mask, 65535 being 1, frame by frame. */
  readonly mask: Uint16Array;
  /** The mixture's levels: see kept-mask.ts. */
  readonly levels: Uint8Array;
}

/** What is known of a song before it is kept. */
export type SongFacts = Omit<KeptSong, 'version' | 'files' | 'keptAt'>;

/** A kept song with its numbers. */
export interface LoadedSong extends SongContent {
  readonly song: KeptSong;
  readonly source: Blob;
  /** What was painted on it: the vocals are those of the painting. */
  readonly painting: Painting | undefined;
}

/** A folder on the shelf: a song, or one that this version cannot read. */
export interface ShelfEntry {
  readonly id: string;
  /** Undefined: it is damaged, or of another version. */
  readonly song?: KeptSong;
  /** What it takes of the disk. */
  readonly bytes: number;
}

/** Runs `act` while no other page or worker runs one of its own. */
export type Exclusive = <T>(act: () => Promise<T>) => Promise<T>;

/** See `paint`. */
const PAINTING_PATHS = ['painting-a', 'painting-b'] as const;

/** A description is a few kilobytes. */
const MOST_JSON_BYTES = 1_000_000;

/**
 * The separated songs that are kept in the browser, a folder each. song.json is written last: a folder without one is a
 * write that did not end, and is swept away. Everything runs under one lock, so that two pages cannot take from each
 * other what is half there.
 */
export class Shelf {
  readonly #store: FolderStore;
  readonly #exclusive: Exclusive;

  constructor(store: FolderStore, exclusive: Exclusive = (act) => act()) {
    this.#store = store;
    this.#exclusive = exclusive;
  }

  /** All songs, the oldest first; takes away what was not written to its end. */
  list(): Promise<readonly ShelfEntry[]> {
    return this.#exclusive(async () => {
      const found: ShelfEntry[] = [];
      for (const id of await this.#store.folders()) {
        const entry = await this.#inspect(id);
        if (entry) found.push(entry);
        else await this.#store.remove(id);
      }
      return found.sort((a, b) => (a.song?.keptAt ?? 0) - (b.song?.keptAt ?? 0));
    });
  }

  /**
   * Keeps a song.
   *
   * @throws whatever the browser throws, a QuotaExceededError where there is no room; nothing of the song is left then
   */
  keep(facts: SongFacts, content: SongContent, source: Blob, now = Date.now()): Promise<KeptSong> {
    return this.#exclusive(async () => {
      const { id } = facts;
      const described = { ...facts, version: KEPT_VERSION, keptAt: now } as const;
      const files = [...expectedFiles(described)].map(([path, bytes]) => ({ path, bytes }));
      const song: KeptSong = { ...described, files };
      try {
        const write = (path: string, array: ArrayBufferView) => this.#store.write(id, path, bytesOf(array));
        for (const [channel, samples] of content.original.entries()) await write(originalPath(channel), samples);
        for (const [channel, samples] of content.vocals.entries()) await write(vocalsPath(channel), samples);
        await write(MASK_PATH, content.mask);
        await write(LEVELS_PATH, content.levels);
        await this.#store.copy(id, SOURCE_PATH, source);
        await this.#store.write(id, SONG_FILE, new TextEncoder().encode(`${JSON.stringify(song, null, 2)}\n`));
        const entry = await this.#inspect(id);
        if (!entry?.song) throw new Error('The browser did not keep what was written.');
        return entry.song;
      } catch (error) {
        await this.#store.remove(id).catch(() => undefined);
        throw error;
      }
    });
  }

  /** The song with its numbers. @throws UnsungError where it is gone or damaged */
  load(id: string): Promise<LoadedSong> {
    return this.#exclusive(async () => {
      const song = (await this.#inspect(id))?.song;
      if (!song) throw gone();
      const read = async (path: string) => {
        const bytes = await this.#store.read(id, path);
        if (!bytes) throw gone();
        return bytes;
      };
      const channels = async (pathOf: (channel: number) => string) => {
        const all: Float32Array[] = [];
        for (let channel = 0; channel < song.channels; channel++) {
          all.push(new Float32Array((await read(pathOf(channel))).buffer));
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
      if (!song) throw gone();
      const newest = await this.#newestPainting(song);
      const serial = Math.max(now, (newest?.painting.serial ?? 0) + 1);
      const path = PAINTING_PATHS.find((other) => other !== newest?.path) as string;
      await this.#store.write(id, path, encodePainting(painting, serial, song.scale.bins, vocals));
    });
  }

  /** The later one of a song's two paintings that is whole. */
  async #newestPainting(song: KeptSong): Promise<{ path: string; painting: KeptPainting } | undefined> {
    const { id, scale, channels, samples } = song;
    let newest: { path: string; painting: KeptPainting } | undefined;
    for (const path of PAINTING_PATHS) {
      const bytes = await this.#store.read(id, path);
      const painting = bytes && decodePainting(bytes, { frames: scale.frames, bins: scale.bins, channels, samples });
      if (painting && painting.serial > (newest?.painting.serial ?? -1)) newest = { path, painting };
    }
    return newest;
  }

  /** Removes a song; nothing happens where there is none of this id. */
  remove(id: string): Promise<void> {
    return this.#exclusive(() => this.#store.remove(id));
  }

  /** What a folder holds; undefined where its writing did not end. */
  async #inspect(id: string): Promise<ShelfEntry | undefined> {
    const sizes = await this.#store.sizes(id);
    const length = sizes.get(SONG_FILE);
    if (length === undefined) return undefined;
    const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    if (length > MOST_JSON_BYTES) return { id, bytes };
    const song = parseKeptSong(new TextDecoder().decode(await this.#store.read(id, SONG_FILE)));
    const whole = song?.id === id && song.files.every((file) => sizes.get(file.path) === file.bytes);
    const painted = PAINTING_PATHS.reduce((sum, path) => sum + (sizes.get(path) ?? 0), 0);
    return whole ? { id, song, bytes: keptBytes(song) + painted } : { id, bytes };
  }
}

/** A copy where the memory is shared: files are not written from such. */
function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array<ArrayBuffer> {
  const view = new Uint8Array(buffer, byteOffset, byteLength);
  return buffer instanceof ArrayBuffer ? (view as Uint8Array<ArrayBuffer>) : view.slice();
}

function gone(): UnsungError {
  return new UnsungError(
    'This kept song can no longer be read.',
    'Remove it from the list, and open its file again to separate it anew.',
  );
}
