import * as Comlink from 'comlink';
import type { AudioData } from '../audio/audio-data.ts';
import type { EngineEvent, EngineStatus, SeparationEngine } from './engine.ts';
import { carryErrors } from './transfer-errors.ts';
import type { SeparationChunk, SeparationOptions } from './types.ts';

export type { BackendReport } from '../model/backend.ts';
export type { EngineEvent, EngineStatus } from './engine.ts';

carryErrors();

export interface SeparationClientOptions {
  /** The model's folder, relative to the page. Default: `./models/paper/`. */
  readonly modelUrl?: string;
  /** A backend to use whatever the probe says of the others. */
  readonly backend?: string;
  readonly onEvent?: (event: EngineEvent) => void;
}

/**
 * The engine as the page sees it: the work is done in a worker, one piece at a time, one piece ahead of what is asked.
 *
 * @example
 * const client = new SeparationClient();
 * for await (const chunk of client.separate(song)) player.add(chunk);
 */
export class SeparationClient {
  readonly #options: SeparationClientOptions;
  #worker: Worker | undefined;
  #engine: Comlink.Remote<SeparationEngine> | undefined;
  #ready: Promise<EngineStatus> | undefined;

  constructor(options: SeparationClientOptions = {}) {
    this.#options = options;
  }

  /**
   * Loads the model and chooses a backend; to be called early, while the person is still choosing a song. Calling it
   * again gives the same result, or tries again after a failure.
   *
   * @throws ModelError, BackendError
   */
  prepare(): Promise<EngineStatus> {
    this.#ready ??= this.#start().catch((error: unknown) => {
      // A broken connection may be back at the next try.
      this.dispose();
      throw error;
    });
    return this.#ready;
  }

  /**
   * Separates a song, see separate.ts. Cancelled by the signal, or by returning from the generator.
   *
   * @throws what `prepare` and `separate` throw; the signal's reason
   */
  async *separate(song: AudioData, options: SeparationOptions = {}): AsyncGenerator<SeparationChunk, void, undefined> {
    const { signal, ...settings } = options;
    signal?.throwIfAborted();
    await this.prepare();
    signal?.throwIfAborted();
    const engine = this.#engine;
    if (!engine) throw new DOMException('The engine was closed.', 'AbortError');
    const job = await engine.open(song, settings);
    // One piece ahead: the worker computes while the page draws.
    let coming = engine.next(job);
    try {
      for (;;) {
        const chunk = await abortable(coming, signal);
        if (!chunk) return;
        coming = engine.next(job);
        yield chunk;
      }
    } finally {
      // What was asked ahead is not waited for; its failure is already known or of no interest now.
      coming.catch(() => {});
      await engine.close(job);
    }
  }

  /** Ends the worker; work in progress is lost. The next call of `prepare` starts a new one. */
  dispose(): void {
    this.#engine?.[Comlink.releaseProxy]();
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#engine = undefined;
    this.#ready = undefined;
  }

  async #start(): Promise<EngineStatus> {
    const { modelUrl = './models/paper/', backend, onEvent } = this.#options;
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'separation' });
    this.#engine = Comlink.wrap<SeparationEngine>(this.#worker);
    const crashed = new Promise<never>((_, reject) => {
      this.#worker?.addEventListener('error', (event) => reject(new Error(`The worker stopped: ${event.message}`)), {
        once: true,
      });
    });
    const listen = Comlink.proxy((event: EngineEvent) => onEvent?.(event));
    const address = new URL(modelUrl, document.baseURI).href;
    return Promise.race([this.#engine.prepare({ modelUrl: address, backend }, listen), crashed]);
  }
}

/** The promise's result, or the signal's reason as soon as it fires. */
async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  signal.throwIfAborted();
  const ended = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { signal: ended.signal });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    ended.abort();
  }
}
