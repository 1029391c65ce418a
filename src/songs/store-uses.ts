import type { StemStore } from './storage/stem-store.ts';

/** Who reads which store: one that is given up is disposed of when nobody reads it any more. */
export class StoreUses {
  readonly #counts = new Map<StemStore, number>();
  readonly #waiting = new Map<StemStore, (() => void)[]>();

  /** Keeps a store in reach until the returned function is called. */
  use(store: StemStore): () => void {
    this.#counts.set(store, (this.#counts.get(store) ?? 0) + 1);
    let used = true;
    return () => {
      if (!used) return;
      used = false;
      const left = (this.#counts.get(store) ?? 1) - 1;
      if (left > 0) {
        this.#counts.set(store, left);
        return;
      }
      this.#counts.delete(store);
      for (const resolve of this.#waiting.get(store) ?? []) resolve();
      this.#waiting.delete(store);
    };
  }

  /** Ends when nobody uses the store. */
  async unused(store: StemStore): Promise<void> {
    if (!this.#counts.has(store)) return;
    await new Promise<void>((resolve) => {
      this.#waiting.set(store, [...(this.#waiting.get(store) ?? []), resolve]);
    });
  }
}
