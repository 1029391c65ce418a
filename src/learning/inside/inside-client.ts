import { type Calls, WorkerBridge } from '../../core/worker-bridge.ts';
import type { InsideEngine } from './inside.ts';

/**
 * A network of its own to look into, in a worker of its own: the song's separation goes on undisturbed. After a crash a
 * fresh worker opens the same network and takes the same piece.
 */
export class InsideClient {
  readonly #bridge: WorkerBridge<InsideEngine>;
  #network: Parameters<InsideEngine['open']> | undefined;
  #piece: Parameters<InsideEngine['take']> | undefined;

  constructor() {
    const start = () => new Worker(new URL('./inside.worker.ts', import.meta.url), { type: 'module', name: 'inside' });
    this.#bridge = new WorkerBridge<InsideEngine>(start, {
      setUp: async (engine) => {
        if (this.#network) await engine.open(...this.#network);
        if (this.#piece) await engine.take(...this.#piece);
      },
    });
  }

  /** The questions; `open` and `take` come first. */
  get ask(): Omit<Calls<InsideEngine>, 'open' | 'take'> {
    return this.#bridge.engine;
  }

  async open(...order: Parameters<InsideEngine['open']>): ReturnType<InsideEngine['open']> {
    const opened = await this.#bridge.engine.open(...order);
    this.#network = order;
    return opened;
  }

  async take(...piece: Parameters<InsideEngine['take']>): ReturnType<InsideEngine['take']> {
    const taken = await this.#bridge.engine.take(...piece);
    this.#piece = piece;
    return taken;
  }

  /** Ends the worker. */
  dispose(): void {
    this.#bridge.dispose();
  }
}
