import * as Comlink from 'comlink';
import { carryErrors } from '../../core/transfer-errors.ts';
import type { InsideEngine } from './inside.ts';

/** A network of its own to look into, in a worker of its own: the song's separation goes on undisturbed. */
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
