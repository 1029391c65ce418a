import type { AudioData } from '../../audio/audio-data.ts';
import { Emitter } from '../../core/emitter.ts';
import type { Scope } from '../../core/scope.ts';
import type { ModelManifest } from '../../model/manifest.ts';
import type { LearningEngine } from '../learning-engine.ts';
import type { StemSource } from '../stem-source.ts';
import { LevelCurveState } from './level-curve-state.ts';
import type { LossMap } from './loss-map.ts';
import type { KnownSong, Pair } from './mix-pair.ts';
import { type Both, type BssScore, type Estimate, METHODS, type MethodName, type Score } from './scoring.ts';
import type { SeparateWhole, WholeSeparation } from './separate-whole.ts';

/** Longer sounds are cut: measuring takes as long as separating, and several sounds are in memory at once. */
export const MAX_SECONDS = 30;

export const MIX_CLIPS = ['mixture', 'truth', 'separated', 'idealRatio', 'idealBinary'] as const;

export type MixClip = (typeof MIX_CLIPS)[number];

export type Part = keyof Both<unknown>;

type MixEngine = Pick<LearningEngine, 'fitPair' | 'mixPair' | 'estimateOf' | 'scoreOf' | 'bssScoreOf' | 'lossMap'>;

export interface MixOptions {
  readonly sources: Both<StemSource>;
  /** Starts a worker. */
  readonly startEngine: () => { readonly ask: MixEngine; dispose(): void };
  readonly separate: SeparateWhole;
  /** The manifest of the model that separates. */
  readonly manifest: () => Promise<ModelManifest>;
  readonly onError: (error: unknown) => void;
}

export type MixStatus =
  | { readonly kind: 'idle' | 'mixing' | 'stopped' | 'failed' }
  /** @property part of the song that is separated, 0 to 1 */
  | { readonly kind: 'separating'; readonly part: number }
  /** @property count of the method whose SIR and SAR are being measured, from 1 */
  | { readonly kind: 'measuring'; readonly count: number }
  | { readonly kind: 'done'; readonly seconds: number };

type MixEvents = {
  changed: [];
  /** A new mix; the results of the one before are gone. */
  song: [];
  /** More results, or another part is chosen. */
  results: [];
};

/** The section “Mix your own”: a song whose truth is known, its separation, and the scores. */
export class MixState extends Emitter<MixEvents> {
  readonly curve: LevelCurveState;
  readonly #options: MixOptions;
  /** Fits pairs, and computes the curve. */
  readonly #curveEngine: ReturnType<MixOptions['startEngine']>;
  /** Measures. That blocks it for seconds, so stopping ends it. */
  #engine: ReturnType<MixOptions['startEngine']>;
  #status: MixStatus = { kind: 'idle' };
  #part: Part = 'vocals';
  #job: AbortController | undefined;
  #pair: Promise<Pair> | undefined;
  #song: KnownSong | undefined;
  readonly #estimates = new Map<MethodName, Estimate>();
  readonly #scores = new Map<MethodName, Both<Score>>();
  readonly #bssScores = new Map<MethodName, Both<BssScore> | undefined>();
  #loss: { readonly map: LossMap; readonly scale: WholeSeparation['scale'] } | undefined;
  /** Decibels that the voice is raised by. */
  level = 0;

  constructor(scope: Scope, options: MixOptions) {
    super();
    this.#options = options;
    this.#engine = options.startEngine();
    this.#curveEngine = options.startEngine();
    scope.add(() => {
      this.#job?.abort();
      this.#job = undefined;
      this.#engine.dispose();
      this.#curveEngine.dispose();
    });
    const { separate, onError } = options;
    this.curve = new LevelCurveState(scope, {
      engine: this.#curveEngine.ask,
      pair: () => this.#fittedPair(),
      separate,
      onError,
    });
    for (const source of Object.values(options.sources)) scope.add(source.on('changed', () => this.#reset()));
  }

  get status(): MixStatus {
    return this.#status;
  }

  get running(): boolean {
    return this.#job !== undefined;
  }

  /** Share of the work that is done, 0 to 1. */
  get progress(): number {
    const status = this.#status;
    if (status.kind === 'separating') return status.part / 2;
    if (status.kind === 'measuring') return 0.5 + (status.count - 0.5) / (2 * METHODS.length);
    return 0;
  }

  /** The part whose sounds and scores over time are shown. */
  get part(): Part {
    return this.#part;
  }

  set part(part: Part) {
    this.#part = part;
    this.emit('results');
  }

  /** The mix; undefined before the first run. */
  get song(): KnownSong | undefined {
    return this.#song;
  }

  /** Sounds of the chosen part, one array a channel. */
  get clips(): ReadonlyMap<MixClip, readonly Float32Array[]> {
    const clips = new Map<MixClip, readonly Float32Array[]>();
    if (!this.#song) return clips;
    clips.set('mixture', this.#song.mixture).set('truth', this.#song[this.#part]);
    for (const [method, estimate] of this.#estimates) {
      if (method !== 'mixture') clips.set(method, estimate[this.#part]);
    }
    return clips;
  }

  get scores(): ReadonlyMap<MethodName, Both<Score>> {
    return this.#scores;
  }

  /** Of the methods measured so far; undefined where a part is silent. */
  get bssScores(): ReadonlyMap<MethodName, Both<BssScore> | undefined> {
    return this.#bssScores;
  }

  /** The loss of the network, cell by cell. */
  get loss(): { readonly map: LossMap; readonly scale: WholeSeparation['scale'] } | undefined {
    return this.#loss;
  }

  /** Mixes, separates, and scores all methods. */
  async run(): Promise<void> {
    this.#job?.abort();
    const job = new AbortController();
    this.#job = job;
    for (const results of [this.#estimates, this.#scores, this.#bssScores]) results.clear();
    try {
      await this.#measure(job.signal);
      this.#job = undefined;
      this.#become({ kind: 'done', seconds: lengthOf(this.#song) });
    } catch (error) {
      if (this.#job !== job) return;
      this.#job = undefined;
      this.#become({ kind: 'failed' });
      this.#options.onError(error);
    }
  }

  /** Stops the run. Its results so far stay. */
  stop(): void {
    this.#job?.abort();
    this.#job = undefined;
    this.#engine.dispose();
    this.#engine = this.#options.startEngine();
    this.#become({ kind: 'stopped' });
  }

  async #measure(signal: AbortSignal): Promise<void> {
    const { ask } = this.#engine;
    this.#become({ kind: 'mixing' });
    const song = await ask.mixPair(await this.#fittedPair(), this.level);
    signal.throwIfAborted();
    this.#song = song;
    this.emit('song');
    this.#become({ kind: 'separating', part: 0 });
    const audio: AudioData = { sampleRate: song.sampleRate, channels: song.mixture };
    const separation = await this.#options.separate(audio, signal, (part) => {
      if (!signal.aborted) this.#become({ kind: 'separating', part });
    });
    for (const method of METHODS) {
      const estimate = method === 'separated' ? separation.estimate : await ask.estimateOf(method, song);
      const score = await ask.scoreOf(song, estimate);
      signal.throwIfAborted();
      this.#estimates.set(method, estimate);
      this.#scores.set(method, score);
      this.emit('results');
    }
    const { mask, scale } = separation;
    const manifest = await this.#options.manifest();
    const map = await ask.lossMap({ song, manifest, mask, frames: scale.frames });
    signal.throwIfAborted();
    this.#loss = { map, scale };
    this.emit('results');
    for (const [n, method] of METHODS.entries()) {
      this.#become({ kind: 'measuring', count: n + 1 });
      const scores = await ask.bssScoreOf(song, this.#estimates.get(method) as Estimate);
      signal.throwIfAborted();
      this.#bssScores.set(method, scores);
      this.emit('results');
    }
  }

  /** Other sounds: what was computed from the old ones is no longer true. */
  #reset(): void {
    if (this.#job) this.stop();
    this.#pair = undefined;
    this.curve.clear();
  }

  #fittedPair(): Promise<Pair> {
    const { vocals, accompaniment } = this.#options.sources;
    this.#pair ??= Promise.all([vocals.sound(), accompaniment.sound()])
      .then(([voice, sound]) => {
        return this.#curveEngine.ask.fitPair({ voice, accompaniment: sound, seconds: MAX_SECONDS });
      })
      .catch((error: unknown) => {
        this.#pair = undefined;
        throw error;
      });
    return this.#pair;
  }

  #become(status: MixStatus): void {
    this.#status = status;
    this.emit('changed');
  }
}

function lengthOf(song: KnownSong | undefined): number {
  return song ? song.mixture[0].length / song.sampleRate : 0;
}
