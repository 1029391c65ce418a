import * as Comlink from 'comlink';
import type { AudioData } from '../audio/audio-data.ts';
import { UnsungError } from '../core/errors.ts';
import { PageWorkers } from '../core/page-started-worker.ts';
import { WorkerBridge, type WorkerBridgeOptions } from '../core/worker-bridge.ts';
import type { ExaminedFiles, PresetEntry } from '../model/import/import-checkpoint.ts';
import type { Quality } from '../model/manifest.ts';
import { DEFAULT_MODEL, type ModelChoice } from './model-choice.ts';
import type { EngineEvent, EngineStatus, ImportRequest, ModelEntry, SeparationEngine } from './separation-engine.ts';
import type { PortSong, SeparationChunk, SeparationOptions } from './types.ts';

export type { ExaminedFiles, PresetEntry } from '../model/import/import-checkpoint.ts';
export type { Quality } from '../model/manifest.ts';
export type { BackendReport } from '../model/runtime/backend.ts';
export { DEFAULT_MODEL, type ModelChoice } from './model-choice.ts';
export type { EngineEvent, EngineStatus, ImportRequest, ModelEntry } from './separation-engine.ts';

export interface SeparationClientOptions {
  /** The folder of the page's own models, relative to the page. Default: `./models/`. */
  readonly modelsUrl?: string;
  /** The model to begin with; see `model`. Default: Spleeter. */
  readonly model?: ModelChoice;
  /** A backend to use whatever the probe says of the others. */
  readonly backend?: string;
  /** See `quality`. */
  readonly quality?: Quality;
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
  /** The model that the next separation uses; one that is going on keeps its own. */
  model: ModelChoice;
  /**
   * The quality that the next separation uses, where the model has several; undefined: the best where it is fast enough
   * by the probe, else the fast one.
   */
  quality: Quality | undefined;
  readonly #options: SeparationClientOptions;
  readonly #bridge: WorkerBridge<SeparationEngine>;
  /** Those of the worker that runs. */
  #networkWorkers: PageWorkers | undefined;
  #ready: { readonly model: ModelChoice; readonly status: Promise<EngineStatus> } | undefined;

  constructor(options: SeparationClientOptions = {}) {
    this.#options = options;
    this.model = options.model ?? DEFAULT_MODEL;
    this.quality = options.quality;
    this.#bridge = newBridge('separation', {
      setUp: (engine) => {
        this.#networkWorkers = new PageWorkers(startNetworkWorker);
        return engine.startNetworksBy(Comlink.proxy(this.#networkWorkers.start));
      },
      onCrash: () => {
        this.#networkWorkers?.endAll();
        // The fresh worker has no model.
        this.#ready = undefined;
      },
    });
  }

  /**
   * Loads the model and chooses a backend; to be called early, while the person is still choosing a song. Calling it
   * again gives the same result, or tries again after a failure. Another model takes the place of the one before, and
   * ends what is being separated with that.
   *
   * @throws ModelError, BackendError
   */
  prepare(): Promise<EngineStatus> {
    const { model } = this;
    if (this.#ready?.model.origin !== model.origin || this.#ready.model.id !== model.id) {
      const status = this.#prepare(model).catch((error: unknown) => {
        // A broken connection may be back at the next try.
        if (this.#ready?.status === status) this.#ready = undefined;
        // A worker that answered goes on: it may hold models that are nowhere else.
        if (!(error instanceof UnsungError)) this.dispose();
        throw error;
      });
      this.#ready = { model, status };
    }
    return this.#ready.status;
  }

  /** Gets ready for a song that comes soon, where the model is loaded: to be called while it is decoded. Never rejects. */
  async warmUp(): Promise<void> {
    // Where it fails, the separation tells why.
    if (this.#bridge.running) await this.#bridge.engine.warmUp(this.quality).catch(() => undefined);
  }

  /**
   * The quality that the next separation uses: the one asked for, else the one that the probe speaks for. Undefined of
   * a model with only one, whatever was chosen for another model.
   *
   * @throws what `prepare` throws
   */
  async qualityInUse(): Promise<Quality | undefined> {
    const { quality } = await this.prepare();
    return quality && (this.quality ?? quality);
  }

  /**
   * Separates a song, see separate.ts. Cancelled by the signal, or by returning from the generator.
   *
   * @throws what `prepare` and `separate` throw; the signal's reason; WorkerCrashedError when the engine, or the worker
   * that reads the song, crashed: the chunks until then are good, and `done` lets another call go on from there
   */
  async *separate(
    song: AudioData | PortSong,
    options: SeparationOptions = {},
  ): AsyncGenerator<SeparationChunk, void, undefined> {
    const { signal, priority, ...settings } = options;
    signal?.throwIfAborted();
    const chosen = await this.qualityInUse();
    signal?.throwIfAborted();
    if (!this.#bridge.running) throw new DOMException('The engine was closed.', 'AbortError');
    // A job is one worker's: after a crash a fresh one knows nothing of it.
    const session = this.#bridge.session();
    const { engine } = session;
    const quality = chosen && (settings.quality ?? chosen);
    const { lost, ...sent } = 'port' in song ? song : { ...song, lost: undefined };
    const job = await engine.open('port' in sent ? Comlink.transfer(sent, [sent.port]) : sent, {
      ...settings,
      quality,
    });
    const end = new AbortController();
    const unwatch = [signal, lost].map((either) => onAbort(either, (reason) => end.abort(reason)));
    const next = () => {
      const coming = session.engineUntil(end.signal).next(job);
      // It may fail while nobody waits for it.
      coming.catch(() => undefined);
      return coming;
    };
    // A worker that is gone goes nowhere.
    const unlisten = priority?.listen((sample) => void engine.prioritise(job, sample).catch(() => undefined));
    // One piece ahead: the worker computes while the page draws.
    let coming = next();
    try {
      for (;;) {
        const chunk = await coming;
        end.signal.throwIfAborted();
        if (!chunk) return;
        coming = next();
        yield chunk;
      }
    } finally {
      unlisten?.();
      for (const stop of unwatch) stop();
      // What was asked ahead is not waited for.
      await engine.close(job).catch((error: unknown) => {
        if (!session.ended) throw error;
      });
    }
  }

  /** The models to choose from: the page's own, then those that a person added. */
  models(): Promise<readonly ModelEntry[]> {
    return this.#bridge.engine.models(this.#modelsUrl);
  }

  /** What a checkpoint can be. */
  presets(): Promise<readonly PresetEntry[]> {
    return this.#bridge.engine.presets();
  }

  /**
   * Tells what a person's files are, in the conversion's worker.
   *
   * @throws ModelError when they cannot be imported; the signal's reason
   */
  async examine(files: ImportRequest['files'], signal?: AbortSignal): Promise<ExaminedFiles> {
    const converter = newBridge('conversion');
    try {
      return await converter.engineUntil(signal).examine(files);
    } finally {
      converter.end();
    }
  }

  /**
   * Makes a model of a person's files and keeps it. The conversion has a worker of its own, so that a song goes on
   * being separated meanwhile, on its own backend.
   *
   * @param taken ids that are in use
   * @throws ModelError when the files are not sound or there is no space; the signal's reason
   */
  async addModel(request: ImportRequest, taken: readonly string[], signal?: AbortSignal): Promise<ModelEntry> {
    signal?.throwIfAborted();
    const converter = newBridge('conversion');
    try {
      const built = await converter.engineUntil(signal).build(request);
      const buffers = [...new Set([...built.files.values()].map((bytes) => bytes.buffer))];
      return await this.#bridge.engine.keep(Comlink.transfer(built, buffers), taken);
    } finally {
      converter.end();
    }
  }

  /** Removes a model that a person added. */
  removeModel(id: string): Promise<void> {
    return this.#bridge.engine.remove(id);
  }

  /** Ends the worker; work in progress is lost. The next call of `prepare` starts a new one. */
  dispose(): void {
    this.#bridge.end();
    this.#networkWorkers?.endAll();
    this.#ready = undefined;
  }

  get #modelsUrl(): string {
    return new URL(this.#options.modelsUrl ?? './models/', document.baseURI).href;
  }

  #prepare(model: ModelChoice): Promise<EngineStatus> {
    const { backend, onEvent } = this.#options;
    const { quality } = this;
    const listen = Comlink.proxy((event: EngineEvent) => onEvent?.(event));
    return this.#bridge.engine.prepare({ model, modelsUrl: this.#modelsUrl, backend, quality }, listen);
  }
}

function startNetworkWorker(): Worker {
  return new Worker(new URL('../model/runtime/network.worker.ts', import.meta.url), {
    type: 'module',
    name: 'network',
  });
}

function newBridge(name: string, options?: WorkerBridgeOptions<SeparationEngine>): WorkerBridge<SeparationEngine> {
  const start = () => new Worker(new URL('./separation.worker.ts', import.meta.url), { type: 'module', name });
  return new WorkerBridge(start, options);
}

/** Calls back with the reason when the signal fires, or has fired; returns the way to stop that. */
function onAbort(signal: AbortSignal | undefined, callback: (reason: unknown) => void): () => void {
  const fire = () => callback(signal?.reason);
  if (signal?.aborted) fire();
  signal?.addEventListener('abort', fire);
  return () => signal?.removeEventListener('abort', fire);
}
