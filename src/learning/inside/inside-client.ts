import * as Comlink from 'comlink';
import { carryErrors } from '../../core/transfer-errors.ts';
import type { InsideEngine } from './inside-engine.ts';

/** Inspects a network in a worker of its own, so that the song's separation continues undisturbed. */
export class InsideClient {
  readonly ask: Comlink.Remote<InsideEngine>;
  readonly #worker: Worker;

  constructor() {
    carryErrors();
    this.#worker = new Worker(new URL('./inside.worker.ts', import.meta.url), { type: 'module', name: 'inside' });
    this.ask = Comlink.wrap<InsideEngine>(this.#worker);
  }

  /** Ends the worker. */
  dispose(): void {
    this.ask[Comlink.releaseProxy]();
    this.#worker.terminate();
  }
}
