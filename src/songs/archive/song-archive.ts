import type { AudioData } from '../../audio/audio-data.ts';
import type { LoadedSong, MadeWith, SourceFile } from '../song-entry.ts';
import type { SongEnvironment } from '../song-environment.ts';
import { SongOnDisk } from '../storage/song-on-disk.ts';
import { StemStore } from '../storage/stem-store.ts';
import { StoredMask } from '../storage/stored-mask.ts';
import type { ArchiveLink } from './archive-client.ts';
import type { KeepOutcome, StowOutcome } from './archive-engine.ts';
import type { ArchiveEntry } from './archive-entry.ts';
import type { SongFacts } from './archived-song.ts';

/** Whether the browser was asked to keep the songs also when it needs room. */
const ASKED_AS = 'unsung.persist';

/** The room that the browser gives the page, bytes. */
export interface Room {
  readonly free: number;
}

/** A separated song that is to be kept. */
export interface KeepableSong extends LoadedSong {
  readonly id: string;
  readonly name: string;
  readonly fileName: string;
  /** SHA-256 of its file; undefined: not known, and it cannot be kept. */
  readonly key: string | undefined;
  readonly madeWith: MadeWith;
}

/** How keeping a song went. */
export type Kept =
  | { readonly kind: 'kept'; readonly bytes: number; readonly file: SourceFile; readonly paintingKept: boolean }
  | { readonly kind: 'full' }
  | { readonly kind: 'unable' };

/** Keeps finished songs in the browser, one after the other, and brings them back. */
export class SongArchive {
  readonly #link: ArchiveLink;
  readonly #environment: Pick<SongEnvironment, 'readSetting' | 'writeSetting' | 'estimate' | 'persist'>;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    link: ArchiveLink,
    environment: Pick<SongEnvironment, 'readSetting' | 'writeSetting' | 'estimate' | 'persist'>,
  ) {
    this.#link = link;
    this.#environment = environment;
  }

  /**
   * Keeps a finished song. Never rejects.
   *
   * @param begin called when it is this song's turn; undefined: it is not to be kept any more
   */
  keep(begin: () => Promise<KeepableSong | undefined>): Promise<Kept | undefined> {
    return this.#next(async () => {
      const song = await begin();
      return song && (await this.#keep(song));
    });
  }

  /** Keeps what was painted on a kept song. Never rejects. @returns whether that went well */
  async paint(id: string, store: StemStore): Promise<boolean> {
    const { painting } = store;
    if (!painting) return true;
    const { channels } = store.vocals;
    return await this.#next(async () => {
      const outcome = await this.#link.paint(id, painting, channels).catch((): StowOutcome => 'unable');
      return outcome === 'kept';
    });
  }

  /** What is kept; undefined where the browser keeps nothing. */
  async list(): Promise<readonly ArchiveEntry[] | undefined> {
    // What is being kept now belongs to it.
    await this.#turn;
    return await this.#link.list();
  }

  /** Brings a kept song into reach: the caller disposes of its store. @throws UnsungError where it is gone or damaged */
  async read(id: string): Promise<LoadedSong> {
    const loaded = await this.#link.load(id);
    const { sampleRate, scale, name } = loaded.song;
    const file = { blob: loaded.source, borrowed: false };
    if (!('original' in loaded)) {
      const disk = await SongOnDisk.kept(id, name, loaded.song);
      return { sound: { store: StemStore.restoredOnDisk(disk, scale.frames), scale }, file };
    }
    const audio = (channels: readonly Float32Array[]): AudioData => ({ sampleRate, channels });
    const mask = StoredMask.restored(scale, loaded.mask, loaded.levels);
    const store = StemStore.restored(audio(loaded.original), audio(loaded.vocals), mask, loaded.painting);
    return { sound: { store, scale }, file };
  }

  /** Removes a song, also one that is being kept. */
  async remove(id: string): Promise<void> {
    await this.#turn;
    await this.#link.remove(id);
  }

  /** What the browser still has room for; undefined where it does not say. */
  async room(): Promise<Room | undefined> {
    try {
      const { quota, usage } = await this.#environment.estimate();
      return quota === undefined ? undefined : { free: Math.max(0, quota - (usage ?? 0)) };
    } catch {
      return undefined;
    }
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
    const { file, sound } = song;
    const { store } = sound;
    const outcome = await this.#write(facts, store, file.blob).catch(
      (error: unknown): KeepOutcome => ({ kind: 'unable', detail: String(error) }),
    );
    if (outcome.kind !== 'kept') return { kind: outcome.kind };
    let paintingKept = true;
    if (store.painting) {
      const painted = this.#link.paint(song.id, store.painting, store.vocals.channels);
      paintingKept = (await painted.catch((): StowOutcome => 'unable')) === 'kept';
    }
    void this.#askToPersist();
    // A file that waited goes now; a long song's is the disk's anyway.
    const blob = file.borrowed || store.disk ? (outcome.source ?? file.blob) : file.blob;
    return { kind: 'kept', bytes: outcome.bytes, file: { blob, borrowed: false }, paintingKept };
  }

  async #write(facts: SongFacts, store: StemStore, file: Blob): Promise<KeepOutcome> {
    const { disk, mask, original, vocals } = store;
    if (disk) {
      if (!store.picturedFrames.has(0, facts.scale.frames)) return { kind: 'full' };
      await disk.seal();
      return await this.#link.keepLong(facts, file);
    }
    if (!mask) return { kind: 'unable', detail: 'The mask is missing.' };
    const { cells, levels } = mask.numbers;
    const content = { original: original.channels, vocals: vocals.channels, mask: cells, levels };
    return await this.#link.keep(facts, content, file);
  }

  /** Once, when the first song is kept: some browsers ask the person, and now it is clear what for. */
  async #askToPersist(): Promise<void> {
    const { readSetting, writeSetting, persist } = this.#environment;
    if (readSetting(ASKED_AS) !== undefined) return;
    writeSetting(ASKED_AS, 'asked');
    await persist();
  }
}

function factsOf({ id, name, fileName, file, key, madeWith, sound }: KeepableSong): SongFacts | undefined {
  const { store } = sound;
  const scale = store.mask?.scale ?? sound.scale;
  if (!key || !scale) return undefined;
  return {
    id,
    name,
    source: { fileName, type: file.blob.type, bytes: file.blob.size, key },
    model: madeWith.model,
    quality: madeWith.quality,
    sampleRate: store.original.sampleRate,
    channels: store.original.channels.length === 1 ? 1 : 2,
    samples: store.totalSamples,
    scale,
  };
}
