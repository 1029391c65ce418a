import * as Comlink from 'comlink';
import { carryErrors } from '../core/transfer-errors.ts';
import type { LearningEngine } from './learning-engine.ts';

/**
 * The learning room's laboratory as the page sees it: every question is computed in a worker, which starts with the
 * first one.
 *
 * @example
 * const lab = new LearningClient();
 * const picture = await lab.ask.spectrogram(order);
 */
export class LearningClient {
  #worker: Worker | undefined;
  #remote: Comlink.Remote<LearningEngine> | undefined;

  /** The worker; see lab.ts. */
  get ask(): Comlink.Remote<LearningEngine> {
    if (this.#remote) return this.#remote;
    carryErrors();
    this.#worker = new Worker(new URL('./learning.worker.ts', import.meta.url), { type: 'module', name: 'learning' });
    this.#remote = Comlink.wrap<LearningEngine>(this.#worker);
    return this.#remote;
  }

  /** Ends the worker: questions that are open are not answered any more. */
  dispose(): void {
    this.#remote?.[Comlink.releaseProxy]();
    this.#worker?.terminate();
    this.#remote = undefined;
    this.#worker = undefined;
  }
}
