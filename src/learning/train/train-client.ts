import * as Comlink from 'comlink';
import { carryErrors } from '../../core/transfer-errors.ts';
import type { TrainEngine, TrainReport } from './train.ts';

/** Training, in a worker of its own: the page stays awake. */
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

  /** Ends the worker; what was trained and not saved is lost. */
  dispose(): void {
    this.ask[Comlink.releaseProxy]();
    this.#worker.terminate();
  }
}
