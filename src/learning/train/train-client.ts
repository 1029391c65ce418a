import * as Comlink from 'comlink';
import { carryErrors } from '../../core/transfer-errors.ts';
import type { TrainEngine, TrainReport } from './train-engine.ts';

/** Trains in a worker of its own, so that the page stays responsive. */
export class TrainClient {
  readonly ask: Comlink.Remote<TrainEngine>;
  readonly #worker: Worker;

  constructor() {
    carryErrors();
    this.#worker = new Worker(new URL('./train.worker.ts', import.meta.url), { type: 'module', name: 'training' });
    this.ask = Comlink.wrap<TrainEngine>(this.#worker);
  }

  /** Trains until `ask.pause()`. */
  run(onReport: (report: TrainReport) => void): Promise<void> {
    return this.ask.run(Comlink.proxy(onReport));
  }

  /** Ends the worker. A training that was not saved is lost. */
  dispose(): void {
    this.ask[Comlink.releaseProxy]();
    this.#worker.terminate();
  }
}
