import * as Comlink from 'comlink';
import { type Calls, WorkerBridge } from '../../core/worker-bridge.ts';
import type { TrainEngine, TrainReport } from './train.ts';

/**
 * Training, in a worker of its own: the page stays awake. After a crash a fresh worker has the same sounds and settings;
 * its training begins again at the first step.
 */
export class TrainClient {
  readonly #bridge: WorkerBridge<TrainEngine>;
  #backends: Parameters<TrainEngine['open']> | undefined;
  #sounds: Parameters<TrainEngine['use']> | undefined;
  #settings: Parameters<TrainEngine['set']> | undefined;

  constructor() {
    const start = () => new Worker(new URL('./train.worker.ts', import.meta.url), { type: 'module', name: 'training' });
    this.#bridge = new WorkerBridge<TrainEngine>(start, {
      setUp: async (engine) => {
        if (this.#backends) await engine.open(...this.#backends);
        if (this.#settings) await engine.set(...this.#settings);
        if (this.#sounds) await engine.use(...this.#sounds);
      },
    });
  }

  /** What can be asked once `open` and `use` have ended. */
  get ask(): Pick<Calls<TrainEngine>, 'pause' | 'files' | 'zip' | 'load'> {
    return this.#bridge.engine;
  }

  async open(...order: Parameters<TrainEngine['open']>): ReturnType<TrainEngine['open']> {
    const opened = await this.#bridge.engine.open(...order);
    this.#backends = order;
    return opened;
  }

  async use(...sounds: Parameters<TrainEngine['use']>): ReturnType<TrainEngine['use']> {
    const example = await this.#bridge.engine.use(...sounds);
    this.#sounds = sounds;
    return example;
  }

  async set(...settings: Parameters<TrainEngine['set']>): Promise<void> {
    this.#settings = settings;
    // A crash is told by what it cuts off; a fresh worker takes the settings by itself.
    if (this.#bridge.running) await this.#bridge.engine.set(...settings).catch(() => undefined);
  }

  /** Trains until `ask.pause()`. */
  run(onReport: (report: TrainReport) => void): Promise<void> {
    return this.#bridge.engine.run(Comlink.proxy(onReport));
  }

  /** Ends the worker; what was trained and not saved is lost. */
  dispose(): void {
    this.#bridge.dispose();
  }
}
