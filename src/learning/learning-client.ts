import * as Comlink from 'comlink';
import { carryErrors } from '../core/transfer-errors.ts';
import type { LearningEngine } from './learning-engine.ts';

/**
 * The engine of the learning page, in a worker that starts with the first call.
 *
 * @example
 * const client = new LearningClient();
 * const { levels } = await client.ask.spectrogram(order);
 */
export class LearningClient {
  #worker: Worker | undefined;
  #remote: Comlink.Remote<LearningEngine> | undefined;

  /** The engine in the worker. */
  get ask(): Comlink.Remote<LearningEngine> {
    if (this.#remote) return this.#remote;
    carryErrors();
    this.#worker = new Worker(new URL('./learning.worker.ts', import.meta.url), { type: 'module', name: 'learning' });
    this.#remote = Comlink.wrap<LearningEngine>(this.#worker);
    return this.#remote;
  }

  /** Ends the worker. Calls that are still open are never answered. */
  dispose(): void {
    this.#remote?.[Comlink.releaseProxy]();
    this.#worker?.terminate();
    this.#remote = undefined;
    this.#worker = undefined;
  }
}
