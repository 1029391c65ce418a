import { type Calls, WorkerBridge } from '../core/worker-bridge.ts';
import type { LearningEngine } from './learning-engine.ts';

/**
 * The learning room's laboratory as the page sees it: every question is computed in a worker, which starts with the
 * first one. A question that a crash cut off rejects with a WorkerCrashedError, and may be asked again.
 *
 * @example
 * const lab = new LearningClient();
 * const picture = await lab.ask.spectrogram(order);
 */
export class LearningClient {
  readonly #bridge = new WorkerBridge<LearningEngine>(
    () => new Worker(new URL('./learning.worker.ts', import.meta.url), { type: 'module', name: 'learning' }),
  );

  /** The worker; see lab.ts. */
  get ask(): Calls<LearningEngine> {
    return this.#bridge.engine;
  }

  /** Ends the worker: questions that are open reject with an AbortError. */
  dispose(): void {
    this.#bridge.dispose();
  }
}
