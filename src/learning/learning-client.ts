import * as Comlink from 'comlink';
import { carryErrors } from '../separation/transfer-errors.ts';
import type { Lab } from './lab.ts';

/**
 * The learning room's laboratory as the page sees it: every question is computed in a worker, which starts with the
 * first one.
 *
 * @example
 * const lab = new LabClient();
 * const picture = await lab.ask.spectrogram(order);
 */
export class LabClient {
  #worker: Worker | undefined;
  #remote: Comlink.Remote<Lab> | undefined;

  /** The worker; see lab.ts. */
  get ask(): Comlink.Remote<Lab> {
    if (this.#remote) return this.#remote;
    carryErrors();
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'learning' });
    this.#remote = Comlink.wrap<Lab>(this.#worker);
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
