import { Emitter } from '../../core/emitter.ts';
import type { Scope } from '../../core/scope.ts';
import type { LearningEngine } from '../learning-engine.ts';
import type { Pair } from './mix-pair.ts';
import type { SeparateWhole } from './separate-whole.ts';

/** Levels of the curve: decibels that the voice is raised by. */
export const LEVELS = [-15, -10, -5, 0, 5, 10, 15] as const;

/** SDR of the voice at a level, decibels. */
export interface LevelPoint {
  readonly level: number;
  readonly separated: number;
  readonly mixture: number;
}

export interface LevelCurveOptions {
  readonly engine: Pick<LearningEngine, 'mixPair' | 'scoreOf'>;
  /** The sounds to mix. */
  readonly pair: () => Promise<Pair>;
  readonly separate: SeparateWhole;
  readonly onError: (error: unknown) => void;
}

export type LevelCurveStatus = 'idle' | 'running' | 'done' | 'stopped';

/** SDR against mixing level: the pair is mixed, separated and measured again at each level. */
export class LevelCurveState extends Emitter<{ changed: [] }> {
  readonly #options: LevelCurveOptions;
  #status: LevelCurveStatus = 'idle';
  #points: readonly LevelPoint[] = [];
  /** Share of the current level that is separated, 0 to 1. */
  #part = 0;
  #job: AbortController | undefined;

  constructor(scope: Scope, options: LevelCurveOptions) {
    super();
    this.#options = options;
    scope.add(() => {
      this.#job?.abort();
      this.#job = undefined;
    });
  }

  get status(): LevelCurveStatus {
    return this.#status;
  }

  /** The levels that are done. */
  get points(): readonly LevelPoint[] {
    return this.#points;
  }

  /** The level that is being computed; undefined while nothing is. */
  get level(): number | undefined {
    return this.#status === 'running' ? LEVELS[this.#points.length] : undefined;
  }

  /** Levels that are done, with the share of the current one. */
  get progress(): number {
    return this.#points.length + this.#part;
  }

  async run(): Promise<void> {
    this.stop();
    const job = new AbortController();
    this.#job = job;
    this.#points = [];
    this.#become('running');
    try {
      const pair = await this.#options.pair();
      for (const level of LEVELS) {
        const point = await this.#measure(pair, level, job.signal);
        job.signal.throwIfAborted();
        this.#points = [...this.#points, point];
        this.#part = 0;
        this.emit('changed');
      }
      this.#job = undefined;
      this.#become('done');
    } catch (error) {
      if (this.#job !== job) return;
      this.stop();
      this.#options.onError(error);
    }
  }

  /** Stops the run. The points so far stay. */
  stop(): void {
    if (!this.#job) return;
    this.#job.abort();
    this.#job = undefined;
    this.#part = 0;
    this.#become('stopped');
  }

  /** Other sounds: the points are no longer true. */
  clear(): void {
    this.stop();
    this.#points = [];
    this.#become('idle');
  }

  async #measure(pair: Pair, level: number, signal: AbortSignal): Promise<LevelPoint> {
    const { engine, separate } = this.#options;
    signal.throwIfAborted();
    const song = await engine.mixPair(pair, level);
    const { estimate } = await separate({ sampleRate: song.sampleRate, channels: song.mixture }, signal, (part) => {
      if (signal.aborted) return;
      this.#part = part;
      this.emit('changed');
    });
    const untouched = { vocals: song.mixture, accompaniment: song.mixture };
    const separated = (await engine.scoreOf(song, estimate)).vocals.sdr;
    const mixture = (await engine.scoreOf(song, untouched)).vocals.sdr;
    return { level, separated, mixture };
  }

  #become(status: LevelCurveStatus): void {
    this.#status = status;
    this.emit('changed');
  }
}
