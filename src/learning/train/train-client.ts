import * as Comlink from 'comlink';
import { WorkerBridge } from '../../core/worker-bridge.ts';
import type { TrainEngine } from './train-engine.ts';

/**
 * Trains in a worker of its own, so that the page stays responsive. After a crash, a fresh worker has the same sounds and
 * settings; its training begins again at the first step.
 */
export class TrainClient implements TrainEngine {
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
    // The calls that a crash cuts off report it. A fresh worker receives the settings anyway.
    if (this.#bridge.running) await this.#bridge.engine.set(...settings).catch(() => undefined);
  }

  run(...[onReport]: Parameters<TrainEngine['run']>): Promise<void> {
    return this.#bridge.engine.run(Comlink.proxy(onReport));
  }

  pause(): Promise<void> {
    return this.#bridge.engine.pause();
  }

  files(title: string): ReturnType<TrainEngine['files']> {
    return this.#bridge.engine.files(title);
  }

  zip(title: string): ReturnType<TrainEngine['zip']> {
    return this.#bridge.engine.zip(title);
  }

  load(zip: Uint8Array): ReturnType<TrainEngine['load']> {
    return this.#bridge.engine.load(zip);
  }

  /** Ends the worker. A training that was not saved is lost. */
  dispose(): void {
    this.#bridge.dispose();
  }
}
