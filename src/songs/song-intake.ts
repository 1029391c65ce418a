import type { FileKeys } from './file-key.ts';
import type { Listening } from './listening.ts';
import { sameSong } from './same-song.ts';
import type { Separator } from './separate-song.ts';
import { type IncomingSong, isKept, newEntry, type SongEntry, type WaitingSong } from './song-entry.ts';
import type { SongNotice } from './song-events.ts';
import type { SongQueue } from './song-queue.ts';
import type { TagReader } from './tags/tag-reader.ts';

/** What adding entries to the list works with. */
export interface SongAdditions {
  readonly songs: Map<string, SongEntry>;
  readonly queue: SongQueue;
  readonly keys: FileKeys;
  readonly listening: Listening;
  readonly client: Pick<Separator, 'model' | 'quality'>;
  readonly newId: () => string;
  readonly listen: (id: string) => Promise<unknown>;
  /** Queues a failed or cancelled song again. */
  readonly retry: (id: string) => void;
  readonly keepFile: (song: WaitingSong) => void;
  readonly onAttempt: () => void;
}

/** What taking songs works with. */
export interface SongIntakeOptions extends SongAdditions {
  /** Resolves when the stored songs are in the list. */
  readonly recalled: Promise<void>;
  readonly tags: Pick<TagReader, 'read'>;
  readonly onAdded: (count: number) => void;
  readonly notice: (notice: SongNotice) => void;
}

/** Adds songs to the list and skips those that are already there. Checks one song after the other. */
export class SongIntake {
  readonly #options: SongIntakeOptions;
  readonly #checks = new Map<string, Promise<void>>();
  #last: Promise<unknown>;

  constructor(options: SongIntakeOptions) {
    this.#options = options;
    this.#last = options.recalled;
  }

  /** Resolves when it is known whether a song is already in the list. */
  async checked(id: string): Promise<void> {
    await this.#checks.get(id);
  }

  /** See SongController. */
  async add(incoming: readonly IncomingSong[]): Promise<void> {
    const { songs, queue, listening, tags, newId, keepFile, onAttempt, onAdded, notice } = this.#options;
    onAttempt();
    const added = incoming.map((song) => newEntry(newId(), song));
    const alone = added.length === 1;
    for (const song of added) {
      songs.set(song.id, song);
      void tags.read(song, song.file.blob);
    }
    if (alone || !listening.focus) listening.focus = added[0]?.id;
    let same = 0;
    for (const song of added) {
      const check = this.#last.then(async () => {
        if (await this.#isThere(song, alone)) same++;
        else if (songs.has(song.id)) keepFile(song);
      });
      this.#checks.set(song.id, check);
      this.#last = check;
    }
    queue.add(added.map(({ id }) => id));
    onAdded(added.length);
    await this.#last;
    if (!alone && same > 0) notice({ kind: 'there-many', count: same });
  }

  /** Whether an added song was already in the list; then the new entry is removed. One that failed is tried again. */
  async #isThere(song: WaitingSong, alone: boolean): Promise<boolean> {
    const { songs, queue, keys, listening, client, listen, retry, notice } = this.#options;
    void keys.compute(song.sourceId, song.file.blob);
    const { ids } = queue;
    const before = ids.slice(0, ids.indexOf(song.id)).flatMap((id) => songs.get(id) ?? []);
    const same = await sameSong(song, client, before, keys);
    if (!same) await this.#join(song, before);
    if (!same || !songs.has(song.id) || !songs.has(same.id)) return false;
    const focused = listening.focus === song.id;
    void listening.drop(song.id);
    const stopped = same.kind === 'failed' || same.kind === 'cancelled';
    retry(same.id);
    if (focused) {
      if (alone && !stopped) notice({ kind: 'there', name: same.name, kept: isKept(same) });
      await listen(same.id);
    }
    return true;
  }

  /** Another separation of a file that is in the list already belongs to the same song. */
  async #join(song: WaitingSong, others: readonly SongEntry[]): Promise<void> {
    const { songs, keys } = this.#options;
    const key = await keys.known(song.sourceId);
    if (key === undefined) return;
    for (const other of others) {
      if (!('sourceId' in other) || (await keys.known(other.sourceId)) !== key) continue;
      const now = songs.get(song.id);
      if (now && 'sourceId' in now) songs.set(song.id, { ...now, sourceId: other.sourceId });
      return;
    }
  }
}
