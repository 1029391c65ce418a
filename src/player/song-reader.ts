import type { Range } from '../core/ranges.ts';
import type { SampleSpan } from './block-table.ts';
import { type Loop, positionBefore, SEAM_SECONDS, seamKind } from './loop.ts';
import { type HeardResult, type MixerSource, ResultReader, type Signal, type WantedBlocks } from './result-reader.ts';

/**
 * Length of the cross-fade between original and stems, seconds. Both signals are similar, so their gains add up to 1.
 */
export const STAND_IN_SECONDS = 0.075;

/** Separated seconds that must lie ahead before the stems fade in; prevents switching back and forth. */
const STEMS_AHEAD_SECONDS = 0.5;

/** Samples read between two checks of what is separated. */
const LOOK_EVERY = 128;

/** Seconds before the position that may be read: the stretcher begins there. */
const BEFORE_SECONDS = 0.25;

/**
 * Reads the song from one position, sample after sample: the original, and the vocals times their share. The share is 0
 * where the vocals are not separated yet and the original replaces the stems. The reader cross-fades between original
 * and stems before it reaches missing vocals. result-reader.ts sums up the separations of the song that are heard;
 * stem-gains.ts mixes the two signals. A loop jumps from its end to its
 * start by exactly its length, cross-faded over `SEAM_SECONDS`. Outside the song there is silence.
 */
export class SongReader {
  readonly #step: number;
  readonly #seam: number;
  readonly #before: number;
  readonly #results: ResultReader;
  #position = 0;
  #loop: Loop | undefined;
  #seamKind: ReturnType<typeof seamKind> = 'before';
  /** Samples of the song read since the last jump from the loop's end to its start. */
  #sinceWrap = Number.POSITIVE_INFINITY;
  /** False after the loop's end: the song then plays to its own end. */
  #looping = false;
  readonly #coverSamples: number;
  readonly #stemsAhead: number;
  /** Progress of the fade from the original to the stems, samples; `coverSamples`: only the stems. */
  #cover = 0;
  /** 1: towards the stems. */
  #coverStep: 1 | -1 = 1;
  /** Shares of the vocals in the samples read last, a ring buffer. */
  readonly #shares: Float32Array;
  /** Samples read so far. */
  #reads = 0;

  /**
   * @param step Samples of the song from one sample read to the next; between them it interpolates linearly.
   * @param readRate Samples read per second.
   */
  constructor(step: number, readRate: number) {
    this.#step = step;
    this.#results = new ResultReader(readRate);
    this.#seam = Math.max(1, Math.round(SEAM_SECONDS * readRate * step));
    this.#before = Math.round(BEFORE_SECONDS * readRate * step);
    this.#shares = new Float32Array(Math.ceil(BEFORE_SECONDS * readRate) + 2 * LOOK_EVERY);
    this.#coverSamples = Math.max(1, Math.round(STAND_IN_SECONDS * readRate));
    this.#stemsAhead = Math.round(STEMS_AHEAD_SECONDS * readRate * step);
  }

  /** Sets which ranges of a result are separated, in samples of the song. */
  setDone(ranges: readonly Range[], result: number): void {
    this.#results.setDone(ranges, result);
  }

  /** Sets the arrays of a result. The position stays. */
  setSource(source: MixerSource, result: number): void {
    this.#results.setSource(source, result);
    if (result === 0) this.setLoop(this.#loop);
  }

  /** Chooses which results are read, as soon as they are in memory. */
  hear(heard: HeardResult): void {
    this.#results.hear(heard);
  }

  /** Releases a result that is not to be read, as soon as it has faded out. */
  drop(result: number): void {
    this.#results.drop(result);
  }

  /** Samples of the song. */
  get length(): number {
    return this.#results.length;
  }

  /** The sample of the song that is read next. */
  get position(): number {
    return this.#position;
  }

  /** Samples of the song read since the last jump from the loop's end to its start; Infinity: none. */
  get sinceWrap(): number {
    return this.#sinceWrap;
  }

  /** The loop, unless the position is after its end. */
  get loop(): Loop | undefined {
    return this.#loop;
  }

  get looping(): boolean {
    return this.#looping;
  }

  /** The original replaces the stems, fully or partly. */
  get standsIn(): boolean {
    return this.#cover < this.#coverSamples;
  }

  /** Share of the stems in what was read `ago` samples ago (1: the last one; up to `BEFORE_SECONDS`): 0 to 1. */
  share(ago: number): number {
    return this.#shares[Math.max(0, this.#reads - Math.max(1, Math.round(ago))) % this.#shares.length];
  }

  /** Whether the next `ahead` samples are in memory, including those after a jump of the loop. */
  loaded(ahead: number): boolean {
    return this.#results.loaded(this.#spans(ahead));
  }

  /** Blocks to fetch for reading from `position`; see BlockTable. */
  wantedBlocks(position: number): readonly WantedBlocks[] {
    // A seek first fades out at the old position.
    const here = { start: this.#position, end: this.#position + this.#before };
    return this.#results.want(position, [here, ...this.#jumps(this.#before)]);
  }

  /** Where it was `distance` samples of the song ago. */
  before(distance: number): number {
    return positionBefore(this.#position, distance, this.#sinceWrap, this.#loop);
  }

  /**
   * Goes to `position`.
   * @param meant The target position, if reading begins before it; decides whether the loop applies.
   */
  jump(position: number, meant = position): void {
    this.#position = position;
    this.#sinceWrap = Number.POSITIVE_INFINITY;
    this.#looping = this.#loop !== undefined && meant < this.#loop.end;
    this.#settleCover();
  }

  /** Sets or removes the loop. Call it only if `disturbs` is false, or during silence. */
  setLoop(loop: Loop | undefined): void {
    this.#loop = loop;
    this.#sinceWrap = Number.POSITIVE_INFINITY;
    this.#looping = loop !== undefined && this.#position < loop.end;
    if (loop) this.#seamKind = seamKind(loop, this.#seam, this.length);
  }

  /** Whether setting this loop now would cut into the seam of the old or the new loop. */
  disturbs(loop: Loop | undefined): boolean {
    return this.#inSeam(this.#loop) || this.#inSeam(loop) || (loop !== undefined && this.#position >= loop.end);
  }

  /** Switches to what is to be heard, and to stems or original, without a fade. Call it only during silence. */
  settle(): void {
    this.#results.settle();
    this.#settleCover();
  }

  /**
   * Reads `count` samples.
   * @param stems Filled from index 0: first the original's channels, then as many of the vocals times their share.
   */
  read(stems: readonly Float32Array[], count: number): void {
    const channels = stems.length / 2;
    for (let i = 0; i < count; i++) {
      if (i % LOOK_EVERY === 0) this.#lookAhead();
      this.#results.advance();
      this.#cover = Math.min(this.#coverSamples, Math.max(0, this.#cover + this.#coverStep));
      const share = this.#cover / this.#coverSamples;
      this.#shares[this.#reads++ % this.#shares.length] = share;
      for (let c = 0; c < channels; c++) {
        stems[c][i] = this.#value('original', c);
        stems[channels + c][i] = share === 0 ? 0 : share * this.#value('vocals', c);
      }
      this.#position += this.#step;
      this.#sinceWrap += this.#step;
      if (this.#looping && this.#loop && this.#position >= this.#loop.end) {
        this.#position -= this.#loop.end - this.#loop.start;
        this.#sinceWrap = this.#position - this.#loop.start;
      }
    }
  }

  /** Fades to the original before the stems end, and to the stems where enough of them lie ahead. */
  #lookAhead(): void {
    this.#results.follow(this.#spans(this.#stemsAhead));
    const fading = (this.#cover + LOOK_EVERY + 2) * this.#step;
    const ahead = this.#coverStep > 0 ? fading : Math.max(fading, this.#stemsAhead);
    this.#coverStep = this.#hasStems(ahead) ? 1 : -1;
  }

  #settleCover(): void {
    this.#coverStep = this.#hasStems(this.#stemsAhead) ? 1 : -1;
    this.#cover = this.#coverStep > 0 ? this.#coverSamples : 0;
  }

  /** Whether the next `ahead` samples are separated, including those after the loop's jump and within its seam. */
  #hasStems(ahead: number): boolean {
    const has = (start: number, end: number) =>
      this.#results.isDone(Math.max(0, Math.floor(start)), Math.min(this.length, Math.ceil(end) + 2));
    const { start, end } = this.#loop ?? { start: 0, end: 0 };
    const reach = this.#position + ahead;
    if (!this.#looping) return has(this.#position, reach);
    if (this.#sinceWrap < this.#seam && !has(this.#position + end - start, end + this.#seam)) return false;
    const over = reach - (end - this.#seam);
    if (over <= 0) return has(this.#position, reach);
    // Near the end, both sides of the seam are read.
    return has(this.#position, end + this.#seam) && has(start - this.#seam, Math.min(end, start + over + this.#seam));
  }

  /** What is read next, `ahead` samples of it. */
  #spans(ahead: number): readonly SampleSpan[] {
    const here = { start: this.#position - this.#before, end: this.#position + ahead + 2 };
    return this.#looping ? [here, ...this.#jumps(ahead)] : [here];
  }

  /** Ranges that are read around the loop's ends. */
  #jumps(ahead: number): readonly SampleSpan[] {
    const loop = this.#loop;
    if (!loop) return [];
    return [
      { start: loop.start - this.#before, end: loop.start + ahead + this.#seam + 2 },
      { start: loop.end - this.#seam, end: loop.end + this.#seam + 2 },
    ];
  }

  #inSeam(loop: Loop | undefined): boolean {
    if (!loop) return false;
    return this.#position >= loop.end - this.#seam ? this.#position < loop.end : this.#sinceWrap < this.#seam;
  }

  #value(signal: Signal, channel: number): number {
    const position = this.#position;
    const here = this.#sample(signal, channel, position);
    const loop = this.#loop;
    if (!loop || !this.#looping) return here;
    const length = loop.end - loop.start;
    const toEnd = loop.end - position;
    if (this.#seamKind !== 'after' && toEnd <= this.#seam) {
      const other = this.#seamKind === 'dip' ? 0 : this.#sample(signal, channel, position - length);
      return other + (here - other) * (toEnd / this.#seam);
    }
    if (this.#seamKind !== 'before' && this.#sinceWrap < this.#seam) {
      const other = this.#seamKind === 'dip' ? 0 : this.#sample(signal, channel, position + length);
      return other + (here - other) * (this.#sinceWrap / this.#seam);
    }
    return here;
  }

  #sample(signal: Signal, channel: number, position: number): number {
    const { length } = this;
    const index = Math.floor(position);
    if (index < 0 || index >= length) return 0;
    const here = this.#results.value(signal, channel, index);
    const fraction = position - index;
    if (fraction === 0) return here;
    const there = this.#results.value(signal, channel, Math.min(index + 1, length - 1));
    return here + (there - here) * fraction;
  }
}
