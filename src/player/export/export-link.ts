import * as Comlink from 'comlink';
import { message } from '../../core/message.ts';
import type { ExportEngine, ExportOutcome } from './export-engine.ts';

type Failure = Extract<ExportOutcome, { readonly kind: 'failed' }>;
type Ended = Failure | Extract<ExportOutcome, { readonly kind: 'cancelled' }>;

/** The worker that makes files, started with the first one. What becomes of it is an outcome, never an exception. */
export class ExportLink {
  #worker: Worker | undefined;
  #engine: Comlink.Remote<ExportEngine> | undefined;
  #end: (outcome: Ended) => void = () => undefined;
  #waiting = false;

  /**
   * Asks the worker for something.
   * @param ready what has to end before
   */
  async call<Outcome>(
    ask: (engine: Comlink.Remote<ExportEngine>) => Promise<Outcome>,
    ready?: Promise<void>,
  ): Promise<Outcome | Ended> {
    const early: { outcome?: Ended } = {};
    const ended = new Promise<Ended>((resolve) => {
      this.#end = (outcome) => {
        early.outcome ??= outcome;
        resolve(outcome);
      };
    });
    this.#waiting = true;
    await Promise.race([ended, ready]);
    this.#waiting = false;
    // Also where it came after that race was decided: the worker must not begin what nobody waits for.
    if (early.outcome) return early.outcome;
    const done = ask(this.#start()).catch((error: unknown) => failure(String(error)));
    return await Promise.race([done, ended]);
  }

  /** Ends what is going on: its outcome is “cancelled”. */
  async cancel(): Promise<void> {
    if (this.#waiting) this.#end({ kind: 'cancelled' });
    else await this.#engine?.cancel();
  }

  /** Ends the worker. */
  dispose(): void {
    this.#engine?.[Comlink.releaseProxy]();
    this.#worker?.terminate();
    this.#engine = undefined;
    this.#worker = undefined;
    this.#end(failure('The page was closed.'));
  }

  #start(): Comlink.Remote<ExportEngine> {
    if (this.#engine) return this.#engine;
    const worker = new Worker(new URL('./export.worker.ts', import.meta.url), { type: 'module', name: 'export' });
    // A worker whose script cannot be loaded says no more than that.
    worker.onerror = (event) => {
      const detail = event.message ?? 'The worker did not start.';
      this.#end(failure(detail));
      this.dispose();
    };
    this.#worker = worker;
    this.#engine = Comlink.wrap<ExportEngine>(worker);
    return this.#engine;
  }
}

function failure(detail: string): Failure {
  return { kind: 'failed', error: message('export.encoder', { detail }) };
}
