import { BaseScope } from './base-scope.ts';

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
export class Scope extends BaseScope {
  /** A scope that ends with this one, or earlier. */
  child(): Scope {
    const child = new Scope();
    const detach = this.add(() => child.dispose());
    child.add(detach);
    return child;
  }

  /** Listens to `type` on `target` until the scope ends or the returned function is called. */
  override listen<K extends keyof HTMLElementEventMap>(
    target: HTMLElement,
    type: K,
    listener: (event: HTMLElementEventMap[K]) => void,
    options?: AddEventListenerOptions,
  ): () => void;
  override listen<K extends keyof DocumentEventMap>(
    target: Document,
    type: K,
    listener: (event: DocumentEventMap[K]) => void,
    options?: AddEventListenerOptions,
  ): () => void;
  override listen<K extends keyof WindowEventMap>(
    target: Window,
    type: K,
    listener: (event: WindowEventMap[K]) => void,
    options?: AddEventListenerOptions,
  ): () => void;
  override listen(
    target: EventTarget,
    type: string,
    listener: (event: Event) => void,
    options?: AddEventListenerOptions,
  ): () => void;
  override listen<E extends Event>(
    target: EventTarget,
    type: string,
    listener: (event: E) => void,
    options?: AddEventListenerOptions,
  ): () => void {
    return super.listen(target, type, listener as (event: Event) => void, options);
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
