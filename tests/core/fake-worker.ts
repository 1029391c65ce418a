import type { Endpoint } from 'comlink';
import { exposeEngine } from '../../src/core/expose-engine.ts';
import type { Locks } from '../../src/core/worker-session.ts';

/** Locks as `navigator.locks` has them, of one page; `release` is what the browser does when a worker dies. */
export class FakeLocks implements Locks {
  readonly #waiting = new Map<string, (() => void)[]>();

  hold(name: string, callback: () => Promise<never>): Promise<unknown> {
    this.#waiting.set(name, []);
    return callback();
  }

  request(name: string, { signal }: { readonly signal: AbortSignal }, callback: () => void): Promise<unknown> {
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      const granted = () => resolve(signal.aborted ? undefined : callback());
      const waiting = this.#waiting.get(name);
      if (waiting) waiting.push(granted);
      else granted();
    });
  }

  release(name: string): void {
    const waiting = this.#waiting.get(name) ?? [];
    this.#waiting.delete(name);
    for (const granted of waiting) granted();
  }
}

/** A Worker in this thread: its engine is at the other end of a message channel. */
export class FakeWorker extends EventTarget implements Pick<Worker, 'postMessage' | 'terminate'> {
  terminated = false;
  readonly #channel = new MessageChannel();
  readonly #locks: FakeLocks | undefined;
  readonly #held: string[] = [];

  /** @param locks undefined: a browser without */
  constructor(engine: object, locks?: FakeLocks) {
    super();
    this.#locks = locks;
    const { port1, port2 } = this.#channel;
    port1.onmessage = ({ data }) => this.dispatchEvent(new MessageEvent('message', { data }));
    const hold = (name: string, callback: () => Promise<never>) => {
      this.#held.push(name);
      return (locks as FakeLocks).hold(name, callback);
    };
    exposeEngine(engine, port2 as unknown as Endpoint, locks && { request: hold });
  }

  postMessage(message: unknown, transfer?: Transferable[] | StructuredSerializeOptions): void {
    // Messages to a worker that is gone go nowhere.
    if (!this.terminated) this.#channel.port1.postMessage(message, transfer as Transferable[]);
  }

  /** An error in it that nobody caught, or a script that did not load. */
  throwError(message: string | undefined): void {
    this.dispatchEvent(Object.assign(new Event('error'), { message }));
  }

  /** Ends it without any event, as when the system takes its memory. */
  terminate(): void {
    this.terminated = true;
    this.#channel.port1.close();
    this.#channel.port2.close();
    for (const name of this.#held.splice(0)) this.#locks?.release(name);
  }
}
