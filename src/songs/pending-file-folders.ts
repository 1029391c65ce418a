import { z } from 'zod';
import type { FolderStore } from '../core/folder-store.ts';
import type { Exclusive } from './archive/archive-entry.ts';

const waitingSchema = z.object({
  version: z.literal(1),
  /** Name of its folder, and the song's from then on. */
  id: z.string().regex(/^[a-z0-9-]{1,64}$/),
  fileName: z.string().min(1).max(1000),
  type: z.string().max(200),
  bytes: z.int().nonnegative(),
  /** SHA-256 of the file's bytes; undefined: not known. */
  key: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  /** The chosen audio track, from 0 on; missing: the default one. */
  track: z.int().nonnegative().optional(),
  /** When it was added, milliseconds since 1970. */
  since: z.number().nonnegative(),
});

type Waiting = Readonly<z.infer<typeof waitingSchema>>;

/** What is known of a song before it is separated. */
export type PendingFacts = Pick<Waiting, 'id' | 'fileName' | 'key' | 'track'>;

/** A song that waits, with its file. */
export interface PendingSong extends Waiting {
  /** A file on disk: unusable after the song is removed. */
  readonly file: Blob;
}

/** Written last: a folder without it is an unfinished write. */
const FACTS_FILE = 'waiting.json';
const SONG_FILE = 'song';

/** Stores the files of songs that are not separated yet for the next visit, a folder each. */
export class PendingFileFolders {
  readonly #store: FolderStore;
  readonly #exclusive: Exclusive;

  constructor(store: FolderStore, exclusive: Exclusive = (act) => act()) {
    this.#store = store;
    this.#exclusive = exclusive;
  }

  /**
   * Keeps a song's file.
   *
   * @throws whatever the browser throws, a QuotaExceededError where there is no space; nothing is left of it then
   */
  add({ id, fileName, key, track }: PendingFacts, file: Blob, now = Date.now()): Promise<void> {
    return this.#exclusive(async () => {
      const facts: Waiting = { version: 1, id, fileName, type: file.type, bytes: file.size, key, track, since: now };
      try {
        await this.#store.copy(id, SONG_FILE, file);
        await this.#store.write(id, FACTS_FILE, new TextEncoder().encode(JSON.stringify(facts)));
      } catch (error) {
        await this.#store.remove(id).catch(() => undefined);
        throw error;
      }
    });
  }

  /** All songs, the longest waiting first. Removes unreadable and unfinished ones. */
  list(): Promise<readonly PendingSong[]> {
    return this.#exclusive(async () => {
      const found: PendingSong[] = [];
      for (const id of await this.#store.folders()) {
        const song = await this.#read(id);
        if (song) found.push(song);
        else await this.#store.remove(id);
      }
      return found.sort((a, b) => a.since - b.since);
    });
  }

  /** Removes a song, if it exists. */
  remove(id: string): Promise<void> {
    return this.#exclusive(() => this.#store.remove(id));
  }

  async #read(id: string): Promise<PendingSong | undefined> {
    const json = await this.#store.read(id, FACTS_FILE);
    const file = json && (await this.#store.file(id, SONG_FILE));
    if (!file) return undefined;
    try {
      const facts = waitingSchema.parse(JSON.parse(new TextDecoder().decode(json)));
      if (facts.id !== id || facts.bytes !== file.size) return undefined;
      return { ...facts, file: file.slice(0, file.size, facts.type) };
    } catch {
      return undefined;
    }
  }
}
