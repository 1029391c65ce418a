import type { FolderStore } from '../../src/core/folder-store.ts';
import type { SeparationChunk } from '../../src/separation/types.ts';
import type { OpenArchived } from '../../src/songs/archive/song-archive.ts';
import { type DecodedFacts, MemorySongStorage } from '../../src/songs/storage/memory-song-storage.ts';
import type { PlayerSource } from '../../src/songs/storage/player-source.ts';
import { LEVELS_PATH, LONG_ORIGINAL_PATH, LONG_VOCALS_PATH, MASK_PATH } from '../../src/songs/storage/song-files.ts';
import { SongStorage } from '../../src/songs/storage/song-storage.ts';
import { RATE, SAMPLES, soundOf } from './fake-separator.ts';

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
  new Uint8Array(buffer, byteOffset, byteLength).slice();

/** A song in files, for the code of the songs: it has no arrays. */
export class FilesSong extends SongStorage {
  readonly whole = undefined;
  readonly folder: string;
  /** The files are closed. */
  closed = false;
  /** There is no space for columns of spectrograms. */
  noColumns = false;
  readonly #store: FolderStore;
  readonly #inner: MemorySongStorage;

  constructor(store: FolderStore, folder: string, inner: MemorySongStorage, facts: DecodedFacts = {}) {
    super({ sampleRate: RATE, channels: 1, samples: SAMPLES, ...facts });
    this.#store = store;
    this.folder = folder;
    this.#inner = inner;
    if (inner.complete && inner.scale) this.restoreState(inner.scale, undefined);
  }

  /** Decodes a file: see soundOf. */
  static async decode(store: FolderStore, folder: string, file: Blob, facts: DecodedFacts = {}): Promise<FilesSong> {
    return new FilesSong(store, folder, new MemorySongStorage(soundOf(await file.text())), facts);
  }

  /** Opens what was kept, in files or not. @param opened receives what lies in files */
  static kept(store: FolderStore, opened: (song: FilesSong) => void): OpenArchived {
    return async ({ song, content }) => {
      const { id, scale, sampleRate } = song;
      const restored = async (path: string) => {
        const bytes = await store.read(id, path);
        if (!bytes) throw new Error(`There is no ${path}.`);
        return new Float32Array(bytes.buffer);
      };
      const cells = scale.frames * scale.bins;
      const inner = MemorySongStorage.restored({
        original: { sampleRate, channels: content?.original ?? [await restored(LONG_ORIGINAL_PATH)] },
        vocals: { sampleRate, channels: content?.vocals ?? [await restored(LONG_VOCALS_PATH)] },
        scale,
        mask: content?.mask ?? new Uint16Array(cells),
        levels: content?.levels ?? new Uint8Array(cells),
      });
      if (content) return inner;
      const files = new FilesSong(store, id, inner);
      opened(files);
      return files;
    };
  }

  get mask() {
    return this.#inner.mask;
  }

  read(start: number, end: number) {
    this.#check();
    return this.#inner.read(start, end);
  }

  readColumns(first: number, end: number) {
    this.#check();
    return this.#inner.readColumns(first, end);
  }

  release(): void {
    // They are views.
  }

  playerSource(): PlayerSource {
    return this.#inner.playerSource();
  }

  separationInput() {
    this.#check();
    return this.#inner.separationInput();
  }

  /** Its samples and spectrograms lie in its folder. */
  async seal(): Promise<undefined> {
    this.#check();
    if (this.noColumns) throw new DOMException('No space.', 'QuotaExceededError');
    const content = await this.#inner.seal();
    if (!content) return;
    await this.#store.write(this.folder, LONG_ORIGINAL_PATH, bytesOf(content.original[0]));
    await this.#store.write(this.folder, LONG_VOCALS_PATH, bytesOf(content.vocals[0]));
    await this.#store.write(this.folder, MASK_PATH, bytesOf(content.mask));
    await this.#store.write(this.folder, LEVELS_PATH, bytesOf(content.levels));
  }

  sharesOriginal(other: SongStorage): boolean {
    return other === this;
  }

  restarted(): FilesSong {
    return new FilesSong(this.#store, this.folder, this.#inner.restarted());
  }

  async dispose(): Promise<void> {
    this.closed = true;
  }

  protected readOwn(start: number, end: number) {
    return this.read(start, end);
  }

  protected async store(chunk: SeparationChunk): Promise<boolean> {
    this.#check();
    await this.#inner.write(chunk);
    return !this.noColumns;
  }

  protected replaceVocals(start: number, vocals: readonly Float32Array[]): Promise<void> {
    this.#check();
    return this.#inner.amend(start, vocals);
  }

  #check(): void {
    if (this.closed) throw new DOMException('The files are closed.', 'InvalidStateError');
  }
}
