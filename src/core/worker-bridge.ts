import { BaseScope } from './base-scope.ts';
import { carryErrors } from './transfer-errors.ts';
import { type Calls, callsOf, type Locks, WorkerCrashedError, WorkerSession } from './worker-session.ts';

export { type Calls, WorkerCrashedError, type WorkerSession } from './worker-session.ts';

export interface WorkerBridgeOptions<Engine> {
  /** Prepares each fresh worker; other calls wait for it, and reject where it fails. */
  readonly setUp?: (engine: Calls<Engine>) => Promise<void>;
  /** Milliseconds without a call after which the worker ends; the next call starts a fresh one. Default: never. */
  readonly idleMs?: number;
  /** Called after the open calls of a worker that crashed were rejected. */
  readonly onCrash?: (error: WorkerCrashedError) => void;
  /** Default: the browser's. */
  readonly locks?: Locks;
}

/**
 * The page's end of a worker whose script ends with `exposeEngine`. The worker starts with the first call.
 *
 * A worker that crashes (an error that nobody catches, a script that cannot load, a message that cannot be read, a death
 * without any event: the system needs its memory, it closes itself, it is terminated from elsewhere) rejects every open
 * call with a WorkerCrashedError, and the next call starts a fresh one. A death without an event is seen by a Web Lock
 * that the worker holds; where the browser has no locks, such a death stays unseen. So does a worker that is in an
 * endless loop, and one that dies in the first milliseconds, before it has its lock.
 *
 * @example
 * const start = () => new Worker(new URL('./sums.worker.ts', import.meta.url), { type: 'module', name: 'sums' });
 * const bridge = new WorkerBridge<SumsEngine>(start, { onCrash: () => notice.show('worker.crashed') });
 * const sum = await bridge.engine.sum([1, 2, 3]);
 * bridge.end();
 */
export class WorkerBridge<Engine extends object> {
  /** The worker's methods; each call starts a worker where none runs. */
  readonly engine: Calls<Engine> = this.engineUntil(undefined);
  readonly #start: () => Worker;
  readonly #options: WorkerBridgeOptions<Engine>;
  #session: WorkerSession<Engine> | undefined;
  #idle = new BaseScope();
  #disposed = false;

  /** @param start must contain `new Worker(new URL('…', import.meta.url), { type: 'module', … })` literally, for Vite */
  constructor(start: () => Worker, options: WorkerBridgeOptions<Engine> = {}) {
    carryErrors();
    this.#start = start;
    this.#options = options;
  }

  /** Whether a worker runs. */
  get running(): boolean {
    return this.#session !== undefined && !this.#session.ended;
  }

  /**
   * The worker's methods; the signal rejects a call with its reason, and one that comes later at once. The worker goes on
   * with what was begun.
   */
  engineUntil(signal: AbortSignal | undefined): Calls<Engine> {
    return callsOf(async (name, values) => {
      signal?.throwIfAborted();
      return await this.session().call(name, values, signal);
    });
  }

  /**
   * The worker that runs, started where none does: for calls that make no sense on another one after a crash.
   *
   * @throws an AbortError after `dispose`
   */
  session(): WorkerSession<Engine> {
    if (this.#disposed) throw ended();
    if (this.#session && !this.#session.ended) return this.#session;
    const { locks = globalThis.navigator?.locks as Locks | undefined, setUp, idleMs, onCrash } = this.#options;
    this.#session = new WorkerSession<Engine>(this.#start(), {
      locks,
      setUp,
      onBusy: (busy) => {
        this.#idle.dispose();
        this.#idle = new BaseScope();
        if (!busy && idleMs !== undefined) this.#idle.timeout(() => this.end(), idleMs);
      },
      onCrash: (error) => {
        this.#idle.dispose();
        onCrash?.(error);
      },
    });
    return this.#session;
  }

  /** Ends the worker; open calls reject with the reason. The next call starts a fresh worker. */
  end(reason: unknown = ended()): void {
    this.#idle.dispose();
    this.#session?.end(reason);
  }

  /** Ends the worker for good: later calls reject with an AbortError. */
  dispose(reason?: unknown): void {
    this.#disposed = true;
    this.end(reason);
  }
}

/** Makes a call again, once, that a crash of the worker cut off: for calls that may be made twice. */
export async function retryAfterCrash<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof WorkerCrashedError)) throw error;
    return await call();
  }
}

function ended(): DOMException {
  return new DOMException('The worker was ended.', 'AbortError');
}
