import { type Calls, WorkerBridge } from '../core/worker-bridge.ts';
import type { LearningEngine } from './learning-engine.ts';

/**
 * The engine of the learning page, in a worker that starts with the first call. A call that a crash cut off rejects with
 * a WorkerCrashedError; it may be made again.
 *
 * @example
 * const client = new LearningClient();
 * const { levels } = await client.ask.spectrogram(order);
 */
export class LearningClient {
  readonly #bridge = new WorkerBridge<LearningEngine>(
    () => new Worker(new URL('./learning.worker.ts', import.meta.url), { type: 'module', name: 'learning' }),
  );

  /** The engine in the worker. */
  get ask(): Calls<LearningEngine> {
    return this.#bridge.engine;
  }

  /** Ends the worker. Open calls reject with an AbortError. */
  dispose(): void {
    this.#bridge.dispose();
  }
}
