import * as Comlink from 'comlink';
import type { ExportEngine, ExportOutcome } from './engine.ts';

type Failure = Extract<ExportOutcome, { readonly kind: 'failed' }>;

/** The worker that makes files, started with the first one. What becomes of it is an outcome, never an exception. */
export class ExportLink {
  #worker: Worker | undefined;
  #engine: Comlink.Remote<ExportEngine> | undefined;
  #fail: (detail: string) => void = () => undefined;

  /** Asks the worker for something. */
  async call<Outcome>(ask: (engine: Comlink.Remote<ExportEngine>) => Promise<Outcome>): Promise<Outcome | Failure> {
    const stopped = new Promise<Failure>((resolve) => {
      this.#fail = (detail) => resolve({ kind: 'failed', fault: 'encoder', detail });
    });
    const done = ask(this.#start()).catch(
      (error: unknown): Failure => ({ kind: 'failed', fault: 'encoder', detail: String(error) }),
    );
    return await Promise.race([done, stopped]);
  }

  /** Ends what is going on: its outcome is “cancelled”. */
  async cancel(): Promise<void> {
    await this.#engine?.cancel();
  }

  /** Ends the worker. */
  dispose(): void {
    this.#engine?.[Comlink.releaseProxy]();
    this.#worker?.terminate();
    this.#engine = undefined;
    this.#worker = undefined;
    this.#fail('The page was closed.');
  }

  #start(): Comlink.Remote<ExportEngine> {
    if (this.#engine) return this.#engine;
    const worker = new Worker(new URL('./export.worker.ts', import.meta.url), { type: 'module', name: 'export' });
    // A worker whose script cannot be loaded says no more than that.
    worker.onerror = (event) => {
      const detail = event.message ?? 'The worker did not start.';
      this.#fail(detail);
      this.dispose();
    };
    this.#worker = worker;
    this.#engine = Comlink.wrap<ExportEngine>(worker);
    return this.#engine;
  }
}
