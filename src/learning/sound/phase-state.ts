import type { AudioData } from '../../audio/audio-data.ts';
import { Emitter } from '../../core/emitter.ts';
import type { Scope } from '../../core/scope.ts';
import type { WholeStorage } from '../../songs/storage/song-storage.ts';
import { type Excerpt, monoExcerpt } from '../excerpt.ts';
import type { LearningEngine } from '../learning-engine.ts';
import { PHASE_SOURCES, type PhaseSource, type Reconstruction } from './reconstruct-phase.ts';

/** The clips to listen to: the song, and the vocals with each phase. */
export const PHASE_CLIPS = ['song', ...PHASE_SOURCES] as const;

export type PhaseClip = (typeof PHASE_CLIPS)[number];

/** How the song is transformed, in samples. */
export interface Transform {
  readonly windowLength: number;
  readonly hop: number;
}

export interface PhaseOptions {
  readonly store: Pick<WholeStorage, 'whole' | 'isDone'>;
  readonly engine: Pick<LearningEngine, 'reconstruct'>;
  /** The true vocals of the whole song; undefined where they are not known. */
  readonly truth: () => Promise<AudioData | undefined>;
  readonly onError: (error: unknown) => void;
}

/** `waiting`: for the vocals of the excerpt to be separated. */
export type PhaseStatus = 'idle' | 'waiting' | 'computing' | 'ready' | 'failed';

const DEFAULT_ITERATIONS = 32;

/** The magnitude of an excerpt's vocals with four phases: what is computed, the sounds, and their errors. */
export class PhaseState extends Emitter<{ changed: [] }> {
  readonly #scope: Scope;
  readonly #options: PhaseOptions;
  readonly #truth: Promise<AudioData | undefined>;
  readonly #clips = new Map<PhaseClip, readonly Float32Array[]>();
  readonly #results = new Map<PhaseSource, Reconstruction>();
  /** What is still to be computed. A run that is replaced by another leaves its rest to that one. */
  readonly #pending = new Set<PhaseSource>();
  #status: PhaseStatus = 'idle';
  #isTruth = false;
  #iterations = DEFAULT_ITERATIONS;
  #run = 0;
  #source: { readonly excerpt: Excerpt; readonly transform: Transform } | undefined;

  constructor(scope: Scope, options: PhaseOptions) {
    super();
    this.#scope = scope;
    this.#options = options;
    this.#truth = options.truth().catch((error: unknown) => {
      options.onError(error);
      return undefined;
    });
  }

  get status(): PhaseStatus {
    return this.#status;
  }

  /** Whether the vocals are the true ones; else they are the separated ones. */
  get isTruth(): boolean {
    return this.#isTruth;
  }

  /** Sounds to listen to, one array a channel. */
  get clips(): ReadonlyMap<PhaseClip, readonly Float32Array[]> {
    return this.#clips;
  }

  /** Results of the present excerpt, transform and iterations; one that is being computed is missing. */
  get results(): ReadonlyMap<PhaseSource, Reconstruction> {
    return this.#results;
  }

  /** Iterations of the Griffin-Lim algorithm. */
  get iterations(): number {
    return this.#iterations;
  }

  set iterations(iterations: number) {
    this.#iterations = iterations;
    this.#results.delete('griffinLim');
    void this.#compute(['griffinLim']);
  }

  /** Announces that the results are about to be computed again: those before are no longer true. */
  expect(): void {
    this.#results.clear();
    this.#become('computing');
  }

  /** Computes everything for an excerpt. Earlier sounds of the same excerpt stay until the new ones are there. */
  async use(excerpt: Excerpt, transform: Transform): Promise<void> {
    const before = this.#source?.excerpt;
    this.#source = { excerpt, transform };
    this.#results.clear();
    if (before?.start !== excerpt.start || before.end !== excerpt.end) {
      this.#clips.clear();
      // The song's clip comes separately, so that the player sees that the old clips are gone.
      this.emit('changed');
      this.#clips.set('song', [monoExcerpt(this.#options.store.whole.original, excerpt)]);
      this.emit('changed');
    }
    await this.#compute(PHASE_SOURCES);
  }

  /** To be called when more of the song is separated. */
  songGrew(): void {
    if (this.#status === 'waiting') void this.#compute([]);
  }

  async #compute(sources: readonly PhaseSource[]): Promise<void> {
    for (const source of sources) this.#pending.add(source);
    if (!this.#source) return;
    const run = ++this.#run;
    const isStale = () => run !== this.#run || this.#scope.disposed;
    const { store, engine, onError } = this.#options;
    const { excerpt, transform } = this.#source;
    try {
      const truth = await this.#truth;
      if (isStale()) return;
      this.#isTruth = truth !== undefined;
      if (!truth && !store.isDone(excerpt.start, excerpt.end)) return this.#become('waiting');
      this.#become('computing');
      const order = {
        sound: monoExcerpt(truth ?? store.whole.vocals, excerpt),
        mixture: monoExcerpt(store.whole.original, excerpt),
        ...transform,
        iterations: this.#iterations,
      };
      for (const source of PHASE_SOURCES) {
        if (!this.#pending.has(source)) continue;
        const result = await engine.reconstruct(source, order);
        if (isStale() || !result) return;
        this.#pending.delete(source);
        this.#results.set(source, result);
        this.#clips.set(source, [result.samples]);
        this.emit('changed');
      }
      this.#become('ready');
    } catch (error) {
      if (isStale()) return;
      this.#become('failed');
      onError(error);
    }
  }

  #become(status: PhaseStatus): void {
    this.#status = status;
    this.emit('changed');
  }
}
