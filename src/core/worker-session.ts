import * as Comlink from 'comlink';
import { BaseScope } from './base-scope.ts';
import { UnsungError } from './errors.ts';
import type { AliveMessage } from './expose-engine.ts';

/** A worker ended by itself. What it was computing is lost; the next call starts a fresh one. */
export class WorkerCrashedError extends UnsungError {
  override name = 'WorkerCrashedError';
  /** What the browser said, in English; empty where it said nothing. */
  readonly detail: string;

  constructor(detail = '') {
    super('worker.crashed');
    this.detail = detail;
  }
}

/** An engine's methods as the page calls them: each answer is a promise. */
export type Calls<Engine> = {
  readonly [Name in keyof Engine]: Engine[Name] extends (...values: infer Values) => infer Result
    ? (...values: Values) => Promise<Awaited<Result>>
    : never;
};

/** An engine's methods, each of which is `call` with its name. */
export function callsOf<Engine>(call: (name: string, values: readonly unknown[]) => Promise<unknown>): Calls<Engine> {
  return new Proxy({} as Calls<Engine>, {
    get: (_, name) => {
      // A promise that resolves with this asks whether it is one itself.
      if (typeof name !== 'string' || name === 'then') return undefined;
      return (...values: readonly unknown[]) => call(name, values);
    },
  });
}

/** What a session asks of `navigator.locks`. */
export interface Locks {
  request(name: string, options: { readonly signal: AbortSignal }, callback: () => void): Promise<unknown>;
}

export interface WorkerSessionOptions<Engine> {
  readonly locks: Locks | undefined;
  readonly setUp: ((engine: Calls<Engine>) => Promise<void>) | undefined;
  /** Called when the last open call was answered, or the first was made. */
  readonly onBusy: (busy: boolean) => void;
  readonly onCrash: (error: WorkerCrashedError) => void;
}

type Methods = Readonly<Record<string, (...values: readonly unknown[]) => Promise<unknown>>>;

/** One worker from its start to its end. Calls after the end reject with the reason of the end. */
export class WorkerSession<Engine extends object> {
  /** The worker's methods. Functions go as `Comlink.proxy`, memory is handed over by `Comlink.transfer`. */
  readonly engine: Calls<Engine> = callsOf((name, values) => this.call(name, values));
  readonly #scope = new BaseScope();
  readonly #remote: Methods;
  readonly #options: WorkerSessionOptions<Engine>;
  /** Ends the calls that wait for an answer. */
  readonly #open = new Set<(reason: unknown) => void>();
  /** Pending until the worker is set up. */
  #ready: Promise<void> | undefined;
  #end: { readonly reason: unknown } | undefined;

  constructor(worker: Worker, options: WorkerSessionOptions<Engine>) {
    this.#options = options;
    const remote = Comlink.wrap<Engine>(worker);
    this.#remote = remote as unknown as Methods;
    // Disposed of last in, first out: the proxy's last message needs the worker.
    this.#scope.add(() => worker.terminate());
    this.#scope.add(() => remote[Comlink.releaseProxy]());
    // A script that cannot be loaded gives an event without a message.
    this.#scope.listen(worker, 'error', (event) => this.#crash((event as ErrorEvent).message));
    this.#scope.listen(worker, 'messageerror', () => this.#crash('A message of the worker cannot be read.'));
    this.#scope.listen(worker, 'message', (event) =>
      this.#watch((event as MessageEvent<AliveMessage | undefined>).data),
    );
    const { setUp } = options;
    if (!setUp) return;
    this.#ready = setUp(callsOf((name, values) => this.#ask(name, values, undefined, undefined))).then(
      () => {
        this.#ready = undefined;
      },
      // The calls that wait for it reject with its reason.
      (reason) => this.end(reason),
    );
  }

  get ended(): boolean {
    return this.#end !== undefined;
  }

  /** The worker's methods, as `engine`; the signal rejects a call with its reason. */
  engineUntil(signal: AbortSignal | undefined): Calls<Engine> {
    return callsOf((name, values) => this.call(name, values, signal));
  }

  /** Calls a method. The signal rejects the call with its reason; the worker goes on with what was begun. */
  call(name: string, values: readonly unknown[], signal?: AbortSignal): Promise<unknown> {
    return this.#ask(name, values, signal, this.#ready);
  }

  /** Ends the worker; open calls reject with the reason. A second call does nothing. */
  end(reason: unknown): void {
    if (this.#end) return;
    this.#end = { reason };
    this.#scope.dispose();
    for (const reject of this.#open) reject(reason);
    this.#open.clear();
  }

  #ask(
    name: string,
    values: readonly unknown[],
    signal: AbortSignal | undefined,
    ready: Promise<void> | undefined,
  ): Promise<unknown> {
    return new Promise<unknown>((resolve, reject) => {
      if (this.#end) return reject(this.#end.reason);
      if (signal?.aborted) return reject(signal.reason);
      const abort = () => reject(signal?.reason);
      signal?.addEventListener('abort', abort);
      if (this.#open.size === 0) this.#options.onBusy(true);
      const fail = (reason: unknown) => {
        signal?.removeEventListener('abort', abort);
        reject(reason);
      };
      this.#open.add(fail);
      const ask = () => this.#remote[name](...values);
      // Without waiting where there is nothing to wait for: memory is handed over at once.
      const answer = ready ? ready.then(ask) : ask();
      answer.then(resolve, reject).finally(() => {
        signal?.removeEventListener('abort', abort);
        if (this.#open.delete(fail) && this.#open.size === 0) this.#options.onBusy(false);
      });
    });
  }

  /** The worker's lock is free as soon as the worker has died, also where no event tells. */
  #watch(data: AliveMessage | undefined): void {
    const name = data?.aliveLock;
    if (typeof name !== 'string') return;
    const crash = () => this.#crash();
    this.#options.locks?.request(name, { signal: this.#scope.abortSignal() }, crash).catch(() => undefined);
  }

  #crash(detail?: string): void {
    if (this.#end) return;
    const error = new WorkerCrashedError(detail);
    this.end(error);
    this.#options.onCrash(error);
  }
}
