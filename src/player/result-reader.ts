import { type Range, Ranges } from '../core/ranges.ts';
import type { BlockTable, SampleSpan } from './block-table.ts';

/** Length of the cross-fade from one result to another, seconds. Both are similar, so their gains add up to 1. */
export const RESULT_FADE_SECONDS = 0.02;

/**
 * The samples to read. Channels of equal length; the arrays may be shared with the page, which fills them during
 * playback.
 */
export interface MixerSource {
  readonly original: readonly Float32Array[];
  readonly vocals: readonly Float32Array[];
  /** Samples of the song. */
  readonly length: number;
  /** The part in memory of a song that is on disk: read instead of the arrays. */
  readonly blocks?: BlockTable;
}

/** Which signal of the song is read. */
export type Signal = 'original' | 'vocals';

/**
 * Which results of a song are heard, by their numbers: one; or the vocals of one minus the vocals of another, without
 * the original.
 */
export interface HeardResult {
  readonly of: number;
  readonly minus?: number;
}

/** Blocks of a result on disk to fetch, the most urgent first. */
export interface WantedBlocks {
  readonly result: number;
  readonly blocks: readonly number[];
}

interface Result {
  source: MixerSource;
  done: Ranges;
  /** Present factor of each signal, and its factor at the start of the cross-fade. */
  readonly factors: Record<Signal, { now: number; from: number }>;
}

const SIGNALS = ['original', 'vocals'] as const;
const NOTHING: MixerSource = { original: [], vocals: [], length: 0 };

/**
 * The separations of one song, of equal rate and length. Reads the weighted sum of those that are heard, and cross-fades
 * when others are. One that is on disk is heard as soon as its blocks are in memory; until then the others are.
 */
export class ResultReader {
  readonly #results: Result[] = [];
  readonly #fadeSamples: number;
  #heard: HeardResult = { of: 0 };
  /** Waits for its blocks. */
  #next: HeardResult | undefined;
  readonly #dropped = new Set<number>();
  /** Remaining samples of the cross-fade. */
  #fadeLeft = 0;

  /** @param readRate samples read per second */
  constructor(readRate: number) {
    this.#fadeSamples = Math.max(1, Math.round(RESULT_FADE_SECONDS * readRate));
    this.#result(0).factors.original.now = 1;
    this.#result(0).factors.vocals.now = 1;
  }

  /** Samples of the song. */
  get length(): number {
    return this.#result(this.#heard.of).source.length;
  }

  setSource(source: MixerSource, result: number): void {
    this.#dropped.delete(result);
    this.#result(result).source = source;
  }

  /** Sets which ranges of a result are separated, in samples of the song. */
  setDone(ranges: readonly Range[], result: number): void {
    this.#result(result).done = new Ranges(ranges);
  }

  /** Releases a result that is not to be heard, as soon as it has faded out. */
  drop(result: number): void {
    this.#dropped.add(result);
    if (this.#fadeLeft === 0 && !this.#next) this.#release();
  }

  /** Chooses what is heard as soon as it is loaded: see `follow` and `settle`. */
  hear(heard: HeardResult): void {
    this.#next = heard;
  }

  /** Begins the cross-fade to what was chosen if all of `spans` is in memory. */
  follow(spans: readonly SampleSpan[]): void {
    const next = this.#next;
    if (!next || !this.#isLoaded(next, spans)) return;
    this.#heard = next;
    this.#next = undefined;
    for (const { factors } of this.#results) for (const signal of SIGNALS) factors[signal].from = factors[signal].now;
    this.#fadeLeft = this.#fadeSamples;
  }

  /** Switches to what was chosen without a fade. Call it only during silence. */
  settle(): void {
    this.#heard = this.#next ?? this.#heard;
    this.#next = undefined;
    this.#fadeLeft = 0;
    this.#setFactors(1);
    this.#release();
  }

  /** Advances the cross-fade by one sample. */
  advance(): void {
    if (this.#fadeLeft === 0) return;
    this.#fadeLeft--;
    this.#setFactors(1 - this.#fadeLeft / this.#fadeSamples);
    if (this.#fadeLeft === 0 && this.#dropped.size > 0) this.#release();
  }

  /** Whether [start, end) is separated in all results that are heard. */
  isDone(start: number, end: number): boolean {
    return resultsOf(this.#heard).every((n) => this.#result(n).done.has(start, end));
  }

  /** Whether spans are in memory. */
  loaded(spans: readonly SampleSpan[]): boolean {
    return this.#isLoaded(this.#heard, spans);
  }

  /** Blocks to fetch; see BlockTable. */
  want(position: number, spans: readonly SampleSpan[]): readonly WantedBlocks[] {
    const numbers = new Set([...resultsOf(this.#heard), ...(this.#next ? resultsOf(this.#next) : [])]);
    return [...numbers].flatMap((result) => {
      const blocks = this.#result(result).source.blocks?.want(position, spans) ?? [];
      return blocks.length > 0 ? [{ result, blocks }] : [];
    });
  }

  /** The sum of the results that are heard, at sample `index`. */
  value(signal: Signal, channel: number, index: number): number {
    const results = this.#results;
    let sum = 0;
    // Runs for every sample: without an iterator.
    for (let n = 0; n < results.length; n++) {
      const factor = results[n].factors[signal].now;
      if (factor !== 0) sum += factor * recorded(results[n].source, signal, channel, index);
    }
    return sum;
  }

  #release(): void {
    for (const n of this.#dropped) if (!resultsOf(this.#heard).includes(n)) this.#result(n).source = NOTHING;
    this.#dropped.clear();
  }

  #isLoaded(heard: HeardResult, spans: readonly SampleSpan[]): boolean {
    return resultsOf(heard).every((n) => {
      const { blocks } = this.#result(n).source;
      return !blocks || spans.every((span) => blocks.has(span));
    });
  }

  #setFactors(progress: number): void {
    for (const [n, { factors }] of this.#results.entries()) {
      for (const signal of SIGNALS) {
        const { from } = factors[signal];
        factors[signal].now = from + (factorOf(this.#heard, n, signal) - from) * progress;
      }
    }
  }

  #result(n: number): Result {
    while (this.#results.length <= n) {
      const factors = { original: { now: 0, from: 0 }, vocals: { now: 0, from: 0 } };
      this.#results.push({ source: NOTHING, done: new Ranges(), factors });
    }
    return this.#results[n];
  }
}

function resultsOf({ of, minus }: HeardResult): readonly number[] {
  return minus === undefined ? [of] : [of, minus];
}

function factorOf({ of, minus }: HeardResult, result: number, signal: Signal): number {
  if (minus === undefined) return result === of ? 1 : 0;
  if (signal === 'original') return 0;
  return (result === of ? 1 : 0) - (result === minus ? 1 : 0);
}

function recorded(source: MixerSource, signal: Signal, channel: number, index: number): number {
  if (source.blocks) return source.blocks[signal](channel, index);
  const channels = source[signal];
  return channels[Math.min(channel, channels.length - 1)]?.[index] ?? 0;
}
