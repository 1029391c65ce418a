/**
 * What a Scope is where there is no page: in workers. Owns what must be released: listeners, timers, abort signals.
 * `dispose()` releases it last in, first out, once, and also when a disposer throws. Whatever is added afterwards is
 * released at once.
 */
export class BaseScope {
  readonly #disposers = new Set<() => void>();
  #disposed = false;

  /** True after `dispose()`. */
  get disposed(): boolean {
    return this.#disposed;
  }

  /** Runs `disposer` when the scope ends, or now if it has ended. Returns a function that runs it earlier, once. */
  add(disposer: () => void): () => void {
    if (this.#disposed) {
      disposer();
      return () => undefined;
    }
    // A wrapper, so that the same function can be added twice and removed separately.
    const entry = () => disposer();
    this.#disposers.add(entry);
    return () => {
      if (this.#disposers.delete(entry)) entry();
    };
  }

  /** Listens to `type` on `target` until the scope ends or the returned function is called. */
  listen(
    target: EventTarget,
    type: string,
    listener: (event: Event) => void,
    options?: AddEventListenerOptions,
  ): () => void {
    target.addEventListener(type, listener, options);
    return this.add(() => target.removeEventListener(type, listener, options));
  }

  /** Calls back once after `milliseconds`, unless the scope ends or the returned function is called first. */
  timeout(callback: () => void, milliseconds: number): () => void {
    const id = setTimeout(() => {
      cancel();
      callback();
    }, milliseconds);
    const cancel = this.add(() => clearTimeout(id));
    return cancel;
  }

  /** A signal that aborts when the scope ends. */
  abortSignal(): AbortSignal {
    const controller = new AbortController();
    this.add(() => controller.abort());
    return controller.signal;
  }

  /** Releases everything, last in, first out. A second call does nothing. @throws the first error of a disposer */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    const disposers = [...this.#disposers].reverse();
    this.#disposers.clear();
    const errors: unknown[] = [];
    for (const disposer of disposers) {
      try {
        disposer();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
