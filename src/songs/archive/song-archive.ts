import { store as remember, stored } from '../../core/browser-storage.ts';
import type { SpectrogramScale } from '../../dsp/spectrogram-scale.ts';
import { isSameModel, isSameQuality } from '../../separation/model-choice.ts';
import type { SeparationClient } from '../../separation/separation-client.ts';
import { fileKey } from '../file-key.ts';
import type { SongEntry } from '../song-entry.ts';
import type { SongStorage } from '../storage/song-storage.ts';
import type { ArchiveLink } from './archive-client.ts';
import type { KeepOutcome, StowOutcome } from './archive-engine.ts';
import type { ArchiveEntry } from './archive-entry.ts';
import type { SongFacts } from './archived-song.ts';
import { openArchived } from './open-archived.ts';

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
    if (!store?.painting) return Promise.resolve();
    // As it is now.
    const outcome = this.#paint(id, store, this.#turn);
    const done = outcome.then((kept) => {
      if (kept !== 'kept') this.#onUnpainted(name);
    });
    this.#turn = done;
    return done;
  }

  /** Says how a song stands. */
  mark(song: SongEntry, keeping: 'keeping' | 'kept'): void {
    if (song.keeping !== keeping) this.#set(song, keeping);
  }

  /** @param turn what has to end before it is written */
  async #paint(id: string, store: SongStorage, turn: Promise<unknown> = Promise.resolve()): Promise<StowOutcome> {
    try {
      const painting = await store.soundingPainting();
      await turn;
      return painting ? await this.#shelf.paint(id, painting) : 'kept';
    } catch {
      return 'unable';
    }
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
      await store.dispose();
      return;
    }
    song.file = file;
    song.scale = scale;
    song.store = store;
  }

  /** A kept song, once more from the shelf. It is the caller's to dispose of. @throws UnsungError where it is gone or damaged */
  async read(
    id: string,
  ): Promise<{ readonly store: SongStorage; readonly file: Blob; readonly scale: SpectrogramScale }> {
    const loaded = await this.#shelf.load(id);
    return { store: await openArchived(loaded), file: loaded.source, scale: loaded.song.scale };
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
    // A file that waited goes now; of a song in files, that of its folder stands for it.
    if (song.lent || !store.whole) song.file = outcome.source ?? file;
    song.lent = false;
    if (store.painting) await this.#paint(song.id, store);
    this.#set(song, 'kept');
    await askToPersist();
  }

  async #put(facts: SongFacts, store: SongStorage, file: Blob): Promise<KeepOutcome> {
    if (!store.hasColumns(0, facts.scale.frames)) return { kind: 'full' };
    return await this.#shelf.keep(facts, await store.seal(), file);
  }

  async #facts(song: SongEntry): Promise<SongFacts | undefined> {
    const { id, name, fileName, file, model, quality, store } = song;
    const key = await this.keyOf(song);
    const scale = store?.scale;
    if (!key || !file || !model || !store || !scale) return undefined;
    return {
      id,
      name,
      source: { fileName, type: file.type, bytes: file.size, key },
      model,
      quality,
      sampleRate: store.sampleRate,
      channels: store.channels === 1 ? 1 : 2,
      samples: store.samples,
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
