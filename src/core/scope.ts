/**
 * Owns everything that must be released: listeners, timers, animation frames, observers, abort signals and child
 * scopes. `dispose()` releases them last in, first out, once, and also when a disposer throws. Whatever is added
 * afterwards is released at once. Nothing else on the page calls `addEventListener`, `setTimeout`, `setInterval` or
 * `requestAnimationFrame`.
 *
 * @example
 * const scope = new Scope();
 * scope.listen(button, 'click', () => save());
 * scope.dispose(); // the listener is gone
 */
export class Scope {
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

  /** A scope that ends with this one, or earlier. */
  child(): Scope {
    const child = new Scope();
    const detach = this.add(() => child.dispose());
    child.add(detach);
    return child;
  }

  /** Listens to `type` on `target` until the scope ends or the returned function is called. */
  listen<K extends keyof HTMLElementEventMap>(
    target: HTMLElement,
    type: K,
    listener: (event: HTMLElementEventMap[K]) => void,
    options?: AddEventListenerOptions,
  ): () => void;
  listen<K extends keyof DocumentEventMap>(
    target: Document,
    type: K,
    listener: (event: DocumentEventMap[K]) => void,
    options?: AddEventListenerOptions,
  ): () => void;
  listen<K extends keyof WindowEventMap>(
    target: Window,
    type: K,
    listener: (event: WindowEventMap[K]) => void,
    options?: AddEventListenerOptions,
  ): () => void;
  listen(
    target: EventTarget,
    type: string,
    listener: (event: Event) => void,
    options?: AddEventListenerOptions,
  ): () => void;
  listen<E extends Event>(
    target: EventTarget,
    type: string,
    listener: (event: E) => void,
    options?: AddEventListenerOptions,
  ): () => void {
    target.addEventListener(type, listener as EventListener, options);
    return this.add(() => target.removeEventListener(type, listener as EventListener, options));
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

  /** Calls back every `milliseconds`. */
  interval(callback: () => void, milliseconds: number): () => void {
    const id = setInterval(callback, milliseconds);
    return this.add(() => clearInterval(id));
  }

  /** Calls back before the next frame is drawn. */
  frame(callback: (time: number) => void): () => void {
    const id = requestAnimationFrame((time) => {
      cancel();
      callback(time);
    });
    const cancel = this.add(() => cancelAnimationFrame(id));
    return cancel;
  }

  /** Calls back when the size of `element` changes, and once at first. */
  observeResize(element: Element, callback: (entry: ResizeObserverEntry) => void): () => void {
    const observer = new ResizeObserver((entries) => {
      const last = entries.at(-1);
      if (last) callback(last);
    });
    observer.observe(element);
    return this.add(() => observer.disconnect());
  }

  /** A signal that aborts when the scope ends. */
  abortSignal(): AbortSignal {
    const controller = new AbortController();
    this.add(() => controller.abort());
    return controller.signal;
  }

  /** Releases everything, last in, first out. A second call does nothing. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    const disposers = [...this.#disposers].reverse();
    this.#disposers.clear();
    for (const disposer of disposers) disposer();
  }
}

/**
 * Returns a function that runs `callback` before the next frame, once, however often it is called until then.
 *
 * @example
 * const redraw = oncePerFrame(scope, () => draw());
 * scope.listen(canvas, 'pointermove', redraw);
 */
export function oncePerFrame(scope: Scope, callback: () => void): () => void {
  let waiting = false;
  return () => {
    if (waiting || scope.disposed) return;
    waiting = true;
    scope.frame(() => {
      waiting = false;
      callback();
    });
  };
}
