import type { SongStorage } from './storage/song-storage.ts';

/** Counts the users of storages, so that a released storage is disposed of after its last use. */
export class StorageUses {
  readonly #counts = new Map<SongStorage, number>();
  readonly #waiting = new Map<SongStorage, (() => void)[]>();

  /** Keeps a storage in reach until the returned function is called. */
  use(storage: SongStorage): () => void {
    this.#counts.set(storage, (this.#counts.get(storage) ?? 0) + 1);
    let used = true;
    return () => {
      if (!used) return;
      used = false;
      const left = (this.#counts.get(storage) ?? 1) - 1;
      if (left > 0) {
        this.#counts.set(storage, left);
        return;
      }
      this.#counts.delete(storage);
      for (const resolve of this.#waiting.get(storage) ?? []) resolve();
      this.#waiting.delete(storage);
    };
  }

  /** Resolves when the storage has no users. */
  async unused(storage: SongStorage): Promise<void> {
    if (!this.#counts.has(storage)) return;
    await new Promise<void>((resolve) => {
      this.#waiting.set(storage, [...(this.#waiting.get(storage) ?? []), resolve]);
    });
  }
}
