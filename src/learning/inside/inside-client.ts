import { WorkerBridge } from '../../core/worker-bridge.ts';
import type { InsideEngine } from './inside-engine.ts';

/**
 * Inspects a network in a worker of its own, so that the song's separation continues undisturbed. After a crash, a fresh
 * worker opens the same network and takes the same excerpt.
 */
export class InsideClient implements InsideEngine {
  readonly #bridge: WorkerBridge<InsideEngine>;
  #network: Parameters<InsideEngine['open']> | undefined;
  #excerpt: Parameters<InsideEngine['take']> | undefined;

  constructor() {
    const start = () => new Worker(new URL('./inside.worker.ts', import.meta.url), { type: 'module', name: 'inside' });
    this.#bridge = new WorkerBridge<InsideEngine>(start, {
      setUp: async (engine) => {
        if (this.#network) await engine.open(...this.#network);
        if (this.#excerpt) await engine.take(...this.#excerpt);
      },
    });
  }

  async open(...order: Parameters<InsideEngine['open']>): ReturnType<InsideEngine['open']> {
    const opened = await this.#bridge.engine.open(...order);
    this.#network = order;
    return opened;
  }

  async take(...excerpt: Parameters<InsideEngine['take']>): ReturnType<InsideEngine['take']> {
    const patch = await this.#bridge.engine.take(...excerpt);
    this.#excerpt = excerpt;
    return patch;
  }

  featureMaps(...order: Parameters<InsideEngine['featureMaps']>): ReturnType<InsideEngine['featureMaps']> {
    return this.#bridge.engine.featureMaps(...order);
  }

  cut(...order: Parameters<InsideEngine['cut']>): ReturnType<InsideEngine['cut']> {
    return this.#bridge.engine.cut(...order);
  }

  field(...order: Parameters<InsideEngine['field']>): ReturnType<InsideEngine['field']> {
    return this.#bridge.engine.field(...order);
  }

  /** Ends the worker. */
  dispose(): void {
    this.#bridge.dispose();
  }
}
