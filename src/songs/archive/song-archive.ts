import type { AudioData } from '../../audio/audio-data.ts';
import { isFull } from '../../core/folder-store.browser.ts';
import type { SoundingPainting } from '../painting/painting-format.ts';
import type { LoadedSong, MadeWith, SourceFile } from '../song-entry.ts';
import type { SongEnvironment } from '../song-environment.ts';
import type { SongStorage } from '../storage/song-storage.ts';
import type { ArchiveLink } from './archive-client.ts';
import type { KeepOutcome } from './archive-engine.ts';
import type { ArchiveEntry } from './archive-entry.ts';
import type { SongFacts, SongTitle } from './archived-song.ts';
import { openArchived } from './open-archived.ts';

/** Setting: whether the browser was asked for persistent storage. */
const ASKED_AS = 'unsung.persist';

/** Disk space that the browser gives the page, bytes. */
export interface StorageSpace {
  readonly free: number;
}

/** Opens the storage of a kept song. */
export type OpenArchived = typeof openArchived;

/** A separated song that is to be kept. */
export interface KeepableSong extends LoadedSong {
  readonly id: string;
  readonly name: string;
  readonly cover: string | undefined;
  readonly fileName: string;
  /** SHA-256 of its file; undefined: not known, and it cannot be kept. */
  readonly key: string | undefined;
  /** See SongEntry. */
  readonly track: number | undefined;
  readonly madeWith: MadeWith;
}

/** How archiving a song went. */
export type Kept =
  | { readonly kind: 'kept'; readonly bytes: number; readonly file: SourceFile; readonly paintingKept: boolean }
  | { readonly kind: 'full' }
  | { readonly kind: 'unable' };

/** Archives finished songs in the browser, one after the other, and loads them again. */
export class SongArchive {
  readonly #link: ArchiveLink;
  readonly #environment: Pick<SongEnvironment, 'readSetting' | 'writeSetting' | 'estimate' | 'persist'>;
  readonly #open: OpenArchived;
  #turn: Promise<unknown> = Promise.resolve();

  /** @param open what opens a song that was kept */
  constructor(
    link: ArchiveLink,
    environment: Pick<SongEnvironment, 'readSetting' | 'writeSetting' | 'estimate' | 'persist'>,
    open: OpenArchived = openArchived,
  ) {
    this.#link = link;
    this.#environment = environment;
    this.#open = open;
  }

  /**
   * Keeps a finished song. Never rejects.
   *
   * @param begin called when it is this song's turn; undefined: the song is no longer to be archived
   */
  keep(begin: () => Promise<KeepableSong | undefined>): Promise<Kept | undefined> {
    return this.#next(async () => {
      const song = await begin();
      return song && (await this.#keep(song));
    });
  }

  /** Keeps what was painted on a kept song. Never rejects. @returns whether that went well */
  paint(id: string, storage: SongStorage): Promise<boolean> {
    // As it is now.
    const painting = storage.soundingPainting();
    painting.catch(() => undefined);
    return this.#next(() => this.#paint(id, painting));
  }

  /** Gives an archived song another name and cover. @throws whatever the browser throws */
  async retitle(id: string, title: SongTitle): Promise<void> {
    await this.#link.retitle(id, title);
  }

  /** The archived songs; undefined if the browser stores nothing. */
  async list(): Promise<readonly ArchiveEntry[] | undefined> {
    // What is being kept now belongs to it.
    await this.#turn;
    return await this.#link.list();
  }

  /**
   * Loads an archived song; the caller disposes of its storage.
   * @param original samples in memory, shared if they are the song's
   * @throws UnsungError if it is gone or damaged
   */
  async read(id: string, original?: AudioData): Promise<LoadedSong> {
    const loaded = await this.#link.load(id);
    return { storage: await this.#open(loaded, original), file: { blob: loaded.source, borrowed: false } };
  }

  /** Removes a song, also one that is being archived. */
  async remove(id: string): Promise<void> {
    await this.#turn;
    await this.#link.remove(id);
  }

  /** Free disk space; undefined if the browser does not report it. */
  async space(): Promise<StorageSpace | undefined> {
    const { quota, usage } = await this.#environment.estimate();
    return quota === undefined ? undefined : { free: Math.max(0, quota - (usage ?? 0)) };
  }

  /** One write after the other. `act` never rejects. */
  #next<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(act);
    this.#turn = done;
    return done;
  }

  async #keep(song: KeepableSong): Promise<Kept> {
    const facts = factsOf(song);
    if (!facts) return { kind: 'unable' };
    const { file, storage } = song;
    const outcome = await this.#write(facts, storage, file.blob).catch(
      (error: unknown): KeepOutcome => (isFull(error) ? { kind: 'full' } : { kind: 'unable', detail: String(error) }),
    );
    if (outcome.kind !== 'kept') return { kind: outcome.kind };
    const paintingKept = await this.#paint(song.id, storage.soundingPainting());
    void this.#askToPersist();
    // The pending copy is deleted now. A song in files refers to the source file in its folder.
    const blob = file.borrowed || !storage.whole ? (outcome.source ?? file.blob) : file.blob;
    return { kind: 'kept', bytes: outcome.bytes, file: { blob, borrowed: false }, paintingKept };
  }

  async #write(facts: SongFacts, storage: SongStorage, file: Blob): Promise<KeepOutcome> {
    return await this.#link.keep(facts, await storage.seal(), file);
  }

  async #paint(id: string, painting: Promise<SoundingPainting | undefined>): Promise<boolean> {
    try {
      const sounding = await painting;
      return !sounding || (await this.#link.paint(id, sounding)) === 'kept';
    } catch {
      return false;
    }
  }

  /** Asks once, when the first song is archived: some browsers ask the user, who then knows the reason. */
  async #askToPersist(): Promise<void> {
    const { readSetting, writeSetting, persist } = this.#environment;
    if (readSetting(ASKED_AS) !== undefined) return;
    writeSetting(ASKED_AS, 'asked');
    await persist();
  }
}

function factsOf(song: KeepableSong): SongFacts | undefined {
  const { id, name, cover, fileName, file, key, track, madeWith, storage } = song;
  const { scale, sampleRate, channels, samples, tracks, depth } = storage;
  if (!key || !scale) return undefined;
  return {
    id,
    name,
    cover,
    source: { fileName, type: file.blob.type, bytes: file.blob.size, key },
    model: madeWith.model,
    quality: madeWith.quality,
    sampleRate,
    channels: channels === 1 ? 1 : 2,
    samples,
    tracks: [...tracks],
    track,
    depth,
    scale,
  };
}
