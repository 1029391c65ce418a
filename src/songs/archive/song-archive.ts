import type { AudioData } from '../../audio/audio-data.ts';
import { store as remember, stored } from '../../core/browser-storage.ts';
import type { SpectrogramScale } from '../../dsp/spectrogram-scale.ts';
import { isSameModel, isSameQuality } from '../../separation/model-choice.ts';
import type { SeparationClient } from '../../separation/separation-client.ts';
import { fileKey } from '../file-key.ts';
import type { Painting } from '../painting/painting-format.ts';
import type { SongEntry } from '../song-entry.ts';
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

/** Puts finished songs on the shelf, one after the other, and takes them from there. */
export class SongArchive {
  readonly #shelf: ArchiveLink;
  readonly #changed: (song: SongEntry) => void;
  #turn: Promise<unknown> = Promise.resolve();

  readonly #onUnpainted: (name: string) => void;

  /**
   * @param changed Called when the `keeping` of a song is another.
   * @param onUnpainted Called when what was painted on a song could not be kept.
   */
  constructor(shelf: ArchiveLink, changed: (song: SongEntry) => void, onUnpainted: (name: string) => void) {
    this.#onUnpainted = onUnpainted;
    this.#shelf = shelf;
    this.#changed = changed;
  }

  /** Keeps a finished song. Never rejects; `song.keeping` says how it went. */
  keep(song: SongEntry): Promise<void> {
    const done = this.#turn.then(() => this.#keep(song));
    this.#turn = done;
    return done;
  }

  /** Keeps what was painted on a kept song. Never rejects. */
  paint({ id, name, store }: SongEntry): Promise<void> {
    const painting = store?.painting;
    if (!store || !painting) return Promise.resolve();
    const { channels } = store.vocals;
    const done = this.#turn.then(async () => {
      const outcome = await this.#paint(id, painting, channels);
      if (outcome !== 'kept') this.#onUnpainted(name);
    });
    this.#turn = done;
    return done;
  }

  /** Says how a song stands. */
  mark(song: SongEntry, keeping: 'keeping' | 'kept'): void {
    if (song.keeping !== keeping) this.#set(song, keeping);
  }

  #paint(id: string, painting: Painting, vocals: readonly Float32Array[]): Promise<StowOutcome> {
    return this.#shelf.paint(id, painting, vocals).catch(() => 'unable' as const);
  }

  /** Tells files apart; asked for once a song. */
  keyOf(song: SongEntry): Promise<string | undefined> {
    song.key ??= song.file ? fileKey(song.file) : Promise.resolve(undefined);
    return song.key;
  }

  /** What is on the shelf; undefined where the browser keeps nothing. */
  async list(): Promise<readonly ArchiveEntry[] | undefined> {
    // What is being kept now belongs to it.
    await this.#turn;
    return await this.#shelf.list();
  }

  /** Brings a kept song back into memory. @throws UnsungError where it is gone or damaged */
  async load(song: SongEntry): Promise<void> {
    const { store, file, scale } = await this.read(song.id);
    if (song.store) {
      // Asked for twice.
      await store.disk?.dispose();
      return;
    }
    song.disk = store.disk;
    song.file = file;
    song.scale = scale;
    song.original = store.original;
    song.store = store;
  }

  /** A kept song, once more from the shelf. One on disk is the caller's to dispose of. @throws UnsungError where it is gone or damaged */
  async read(
    id: string,
  ): Promise<{ readonly store: StemStore; readonly file: Blob; readonly scale: SpectrogramScale }> {
    const loaded = await this.#shelf.load(id);
    const { sampleRate, scale, name } = loaded.song;
    if (!('original' in loaded)) {
      const disk = await SongOnDisk.kept(id, name, loaded.song);
      return { store: StemStore.restoredOnDisk(disk, scale.frames), file: loaded.source, scale };
    }
    const sound = (channels: readonly Float32Array[]): AudioData => ({ sampleRate, channels });
    const mask = StoredMask.restored(scale, loaded.mask, loaded.levels);
    const store = StemStore.restored(sound(loaded.original), sound(loaded.vocals), mask, loaded.painting);
    return { store, file: loaded.source, scale };
  }

  /** Takes a song off the shelf, also one that is on its way there. */
  async remove(song: SongEntry): Promise<void> {
    await this.#turn;
    await this.#shelf.remove(song.id);
  }

  /** What the browser still has room for; undefined where it does not say. */
  async room(): Promise<Room | undefined> {
    try {
      const { quota, usage } = await navigator.storage.estimate();
      return quota === undefined ? undefined : { free: Math.max(0, quota - (usage ?? 0)) };
    } catch {
      return undefined;
    }
  }

  async #keep(song: SongEntry): Promise<void> {
    const { store, file } = song;
    const facts = await this.#facts(song);
    if (!store || !file || !facts) {
      this.#set(song, 'unable');
      return;
    }
    this.#set(song, 'keeping');
    const outcome = await this.#put(facts, store, file).catch(
      (error: unknown) => ({ kind: 'unable', detail: String(error) }) as const,
    );
    if (outcome.kind !== 'kept') {
      this.#set(song, outcome.kind);
      return;
    }
    song.bytes = outcome.bytes;
    // A file that waited goes now; a long song's is the disk's anyway.
    if (song.lent || store.disk) song.file = outcome.source ?? file;
    song.lent = false;
    if (store.painting) await this.#paint(song.id, store.painting, store.vocals.channels);
    this.#set(song, 'kept');
    await askToPersist();
  }

  async #put(facts: SongFacts, store: StemStore, file: Blob): Promise<KeepOutcome> {
    const { disk, mask, original, vocals } = store;
    if (disk) {
      if (!store.picturedFrames.has(0, facts.scale.frames)) return { kind: 'full' };
      await disk.seal();
      return await this.#shelf.keepLong(facts, file);
    }
    if (!mask) return { kind: 'unable', detail: 'The mask is missing.' };
    const { cells, levels } = mask.numbers;
    const content = { original: original.channels, vocals: vocals.channels, mask: cells, levels };
    return await this.#shelf.keep(facts, content, file);
  }

  async #facts(song: SongEntry): Promise<SongFacts | undefined> {
    const { id, name, fileName, file, model, quality, store } = song;
    const key = await this.keyOf(song);
    const scale = store?.mask?.scale ?? song.scale;
    if (!key || !file || !model || !store || !scale) return undefined;
    return {
      id,
      name,
      source: { fileName, type: file.type, bytes: file.size, key },
      model,
      quality,
      sampleRate: store.original.sampleRate,
      channels: store.original.channels.length === 1 ? 1 : 2,
      samples: store.totalSamples,
      scale,
    };
  }

  #set(song: SongEntry, keeping: SongEntry['keeping']): void {
    song.keeping = keeping;
    this.#changed(song);
  }
}

/** A kept song as the list has it, before it is loaded. */
export function archivedEntry({ id, song, bytes }: ArchiveEntry, nameless: string): SongEntry {
  return {
    id,
    name: song?.name ?? nameless,
    fileName: song?.source.fileName ?? nameless,
    file: undefined,
    lent: false,
    key: Promise.resolve(song?.source.key),
    model: song?.model,
    quality: song?.quality,
    original: undefined,
    disk: undefined,
    store: undefined,
    scale: undefined,
    keeping: song ? 'kept' : 'damaged',
    stowed: undefined,
    bytes,
    shape: song && { sampleRate: song.sampleRate, channels: song.channels, samples: song.samples },
    progress: undefined,
  };
}

/** The first of `others` that came from the same file and is, or will be, made with the same model at the same quality. */
export async function sameSong(
  song: SongEntry,
  { model, quality }: Pick<SeparationClient, 'model' | 'quality'>,
  others: readonly SongEntry[],
): Promise<SongEntry | undefined> {
  const key = await song.key;
  if (!key) return undefined;
  for (const other of others) {
    if (other.keeping === 'damaged' || !isSameModel(other.model ?? model, model)) continue;
    if (isSameQuality(other.quality, quality) && (await other.key) === key) return other;
  }
  return undefined;
}

/** Once, when the first song is kept: some browsers ask the person, and now it is clear what for. */
async function askToPersist(): Promise<void> {
  if (stored(ASKED_AS) !== undefined) return;
  remember(ASKED_AS, 'asked');
  try {
    if (!(await navigator.storage.persisted())) await navigator.storage.persist();
  } catch {
    // Not in this browser.
  }
}
