/** Typed events: `Events` maps each name to the tuple of its listeners' arguments. */
export class Emitter<Events extends { readonly [K in keyof Events]: readonly unknown[] }> {
  readonly #listeners: { [K in keyof Events]?: Set<(...values: Events[K]) => void> } = {};

  /** Calls `listener` at each event; returns a function that unsubscribes. */
  on<K extends keyof Events>(name: K, listener: (...values: Events[K]) => void): () => void {
    const listeners = this.#listeners[name] ?? new Set<(...values: Events[K]) => void>();
    this.#listeners[name] = listeners;
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Calls all listeners of `name`. */
  protected emit<K extends keyof Events>(name: K, ...values: Events[K]): void {
    for (const listener of [...(this.#listeners[name] ?? [])]) listener(...values);
  }
}
