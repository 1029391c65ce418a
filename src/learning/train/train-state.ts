import { Emitter } from '../../core/emitter.ts';
import type { Scope } from '../../core/scope.ts';
import { WorkerCrashedError } from '../../core/worker-bridge.ts';
import type { StemSource } from '../stem-source.ts';
import { LossHistory } from './loss-history.ts';
import type { TrainBackend, TrainEngine, TrainExample, TrainReport } from './train-engine.ts';
import type { TrainSettings } from './trainer.ts';

/** Seed of the first weights and of the mixes, so that each training is the same. */
const SEED = 1;

/** A file of a model folder. */
export interface ModelFile {
  readonly name: string;
  readonly file: Blob;
}

export interface TrainOptions {
  readonly sources: { readonly vocals: StemSource; readonly accompaniment: StemSource };
  readonly engine: TrainEngine;
  /** Backends to try, in this order. */
  readonly backends: readonly string[];
  /** Title of the trained model. */
  readonly title: (steps: number) => string;
  /** Adds a model to those of the page. @returns the title that it has there, in the current language */
  readonly addModel: (files: readonly ModelFile[]) => Promise<() => string>;
  /** Lets the browser save a file. */
  readonly save: (file: Blob, name: string) => void;
  readonly onError: (error: unknown) => void;
}

export const TRAIN_CLIPS = ['product', 'voice', 'mixture'] as const;

/** A sound of the held-out example. */
export type TrainClip = (typeof TRAIN_CLIPS)[number];

/** `loading`: backend and sounds. `failed`: no backend can train. */
export type TrainStatus = 'loading' | 'ready' | 'running' | 'failed';

/** What was done with a model. */
export type TrainOutcome =
  | { readonly kind: 'added'; readonly title: () => string }
  | { readonly kind: 'loaded'; readonly name: string };

type TrainEvents = {
  changed: [];
  /** The losses. */
  losses: [];
  /** The held-out example. */
  example: [];
};

/** The section “Train one”: the training's settings and progress, its losses, and the held-out example. */
export class TrainState extends Emitter<TrainEvents> {
  readonly #scope: Scope;
  readonly #options: TrainOptions;
  readonly #clips = new Map<TrainClip, readonly Float32Array[]>();
  #status: TrainStatus = 'loading';
  #settings: TrainSettings = { learningRate: 2e-3, batch: 4 };
  #backend: TrainBackend | undefined;
  #report: TrainReport | undefined;
  #history = new LossHistory();
  #example: TrainExample | undefined;
  #outcome: TrainOutcome | undefined;

  constructor(scope: Scope, options: TrainOptions) {
    super();
    this.#scope = scope;
    this.#options = options;
    for (const source of Object.values(options.sources)) scope.add(source.on('changed', () => void this.begin()));
  }

  get status(): TrainStatus {
    return this.#status;
  }

  get settings(): TrainSettings {
    return this.#settings;
  }

  /** What training runs on, and what was tried before; undefined before it is chosen. */
  get backend(): TrainBackend | undefined {
    return this.#backend;
  }

  /** The last step; undefined before the first. */
  get report(): TrainReport | undefined {
    return this.#report;
  }

  get steps(): number {
    return this.#report?.step ?? 0;
  }

  get history(): LossHistory {
    return this.#history;
  }

  get example(): TrainExample | undefined {
    return this.#example;
  }

  /** The sounds of the held-out example, one channel each. */
  get clips(): ReadonlyMap<TrainClip, readonly Float32Array[]> {
    return this.#clips;
  }

  get outcome(): TrainOutcome | undefined {
    return this.#outcome;
  }

  /** Chooses the backend, and begins. */
  async open(): Promise<void> {
    const { engine, backends } = this.#options;
    try {
      this.#backend = await engine.open(backends);
    } catch (error) {
      if (this.#scope.disposed) return;
      this.#options.onError(error);
      return this.#become('failed');
    }
    if (this.#backend.backend === undefined) this.#become('failed');
    else await this.begin();
  }

  /** Begins a new training with the chosen sounds. */
  begin(): Promise<void> {
    return this.#act(async ({ engine, sources }) => {
      this.#become('loading');
      const [voice, accompaniment] = await Promise.all([sources.vocals.sound(), sources.accompaniment.sound()]);
      const example = await engine.use(voice, accompaniment, SEED);
      this.#forget();
      this.#clips.clear();
      this.#takeExample(example, 0);
    });
  }

  /** Starts, continues or pauses. */
  async toggle(): Promise<void> {
    const { engine } = this.#options;
    if (this.#status === 'running') {
      // Where the worker crashes meanwhile, the call to `run` reports it.
      await engine.pause().catch(() => undefined);
      return;
    }
    this.#become('running');
    await this.#act(() => engine.run((report) => this.#takeReport(report)));
  }

  /** Changes settings for the next steps. */
  async change(change: Partial<TrainSettings>): Promise<void> {
    this.#settings = { ...this.#settings, ...change };
    await this.#options.engine.set(this.#settings);
  }

  /** Pauses, and adds the model to those of the page. */
  addModel(): Promise<void> {
    return this.#act(async ({ engine, title, addModel }) => {
      const files = await engine.files(title(this.steps));
      const added = await addModel([...files].map(([name, bytes]) => ({ name, file: new Blob([bytes]) })));
      this.#outcome = { kind: 'added', title: added };
    });
  }

  /** Pauses, and saves the model as a ZIP. */
  saveZip(): Promise<void> {
    return this.#act(async ({ engine, title, save }) => {
      const zip = await engine.zip(title(this.steps));
      save(new Blob([zip], { type: 'application/zip' }), 'trained-here.zip');
    });
  }

  /** Continues from a ZIP that was saved here. */
  loadZip(file: Pick<File, 'name' | 'arrayBuffer'>): Promise<void> {
    return this.#act(async ({ engine }) => {
      const example = await engine.load(new Uint8Array(await file.arrayBuffer()));
      this.#takeExample(example, this.steps);
      this.#outcome = { kind: 'loaded', name: file.name };
    });
  }

  #takeReport(report: TrainReport): void {
    if (this.#scope.disposed) return;
    this.#report = report;
    this.#history.addStep(report.loss);
    if (report.example) this.#takeExample(report.example, report.step);
    this.emit('losses');
    this.emit('changed');
  }

  #takeExample(example: TrainExample, step: number): void {
    this.#example = example;
    const { sounds } = example;
    // The true voice and the mixture stay those of the training: a player that plays them need not begin again.
    for (const name of TRAIN_CLIPS) {
      if (name === 'product' || !this.#clips.has(name)) this.#clips.set(name, [sounds[name]]);
    }
    this.#history.addHeldOut({ step, loss: example.loss });
    this.emit('losses');
    this.emit('example');
  }

  /** The training is at its first step again. */
  #forget(): void {
    this.#report = undefined;
    this.#history = new LossHistory();
    this.emit('losses');
  }

  /** The engine pauses the training for whatever else it does. */
  async #act(work: (options: TrainOptions) => Promise<void>): Promise<void> {
    try {
      await work(this.#options);
    } catch (error) {
      if (!this.#scope.disposed) this.#options.onError(error);
      if (error instanceof WorkerCrashedError) this.#forget();
    }
    if (!this.#scope.disposed && this.#status !== 'failed') this.#become('ready');
  }

  #become(status: TrainStatus): void {
    this.#status = status;
    this.emit('changed');
  }
}
