import { type Range, Ranges } from '../core/ranges.ts';
import type { BlockTable, SampleSpan } from './block-table.ts';
import { type Loop, positionBefore, SEAM_SECONDS, seamKind } from './loop.ts';

/** Seconds in which the original gives way to the stems, and they to it: both are alike, so their gains add up to 1. */
export const STAND_IN_SECONDS = 0.075;

/** Finished seconds that must lie ahead before the stems are faded in: keeps the sound from going to and fro. */
const STEMS_AHEAD_SECONDS = 0.5;

/** Samples that are read between two looks at what is separated. */
const LOOK_EVERY = 128;

/** What is read. Channels of one length; the arrays may be shared with the page and fill in while it plays. */
export interface MixerSource {
  readonly original: readonly Float32Array[];
  readonly vocals: readonly Float32Array[];
  /** Samples of the song. */
  readonly length: number;
  /** The part that is in memory of a song that is not: read in place of the arrays. */
  readonly blocks?: BlockTable;
}

/** Seconds before the position that may be read: the stretcher begins there. */
const BEFORE_SECONDS = 0.25;

/** What is read of the song. */
type Signal = 'original' | 'vocals';

/**
 * Reads the song from one position, sample after sample: the original, and the vocals times their share. That is 0
 * where they are not separated yet and the original stands in; it is faded over to the stems, and they to it, before
 * what is missing would be read. What is heard of the two, stem-gains.ts decides. A loop jumps from its end to its start
 * by exactly its length, cross-faded over `SEAM_SECONDS`. Outside the song there is silence.
 */
export class SongReader {
  readonly #step: number;
  readonly #seam: number;
  readonly #before: number;
  #source: MixerSource = { original: [], vocals: [], length: 0 };
  #position = 0;
  #loop: Loop | undefined;
  #seamKind: ReturnType<typeof seamKind> = 'before';
  /** Samples of the song read since the last jump from the loop's end to its start. */
  #sinceWrap = Number.POSITIVE_INFINITY;
  /** False behind the loop's end: the song then goes on to its own end. */
  #looping = false;
  #done = new Ranges();
  readonly #coverSamples: number;
  readonly #stemsAhead: number;
  /** Samples of the fade from the original to the stems that are behind; `coverSamples`: the stems alone. */
  #cover = 0;
  /** 1: towards the stems. */
  #coverStep: 1 | -1 = 1;
  /** The share of the vocals in what was read last, a ring. */
  readonly #shares: Float32Array;
  /** Samples read so far. */
  #reads = 0;

  /**
   * @param step Samples of the song from one sample read to the next; between them it interpolates linearly.
   * @param readRate Samples read a second.
   */
  constructor(step: number, readRate: number) {
    this.#step = step;
    this.#seam = Math.max(1, Math.round(SEAM_SECONDS * readRate * step));
    this.#before = Math.round(BEFORE_SECONDS * readRate * step);
    this.#shares = new Float32Array(Math.ceil(BEFORE_SECONDS * readRate) + 2 * LOOK_EVERY);
    this.#coverSamples = Math.max(1, Math.round(STAND_IN_SECONDS * readRate));
    this.#stemsAhead = Math.round(STEMS_AHEAD_SECONDS * readRate * step);
  }

  /** Says what is separated, in samples of the song. */
  setDone(ranges: readonly Range[]): void {
    this.#done = new Ranges(ranges);
  }

  /** Takes the arrays to read. The position stays. */
  setSource(source: MixerSource): void {
    this.#source = source;
    this.setLoop(this.#loop);
  }

  /** Samples of the song. */
  get length(): number {
    return this.#source.length;
  }

  /** The sample of the song that is read next. */
  get position(): number {
    return this.#position;
  }

  /** Samples of the song read since the last jump from the loop's end to its start; Infinity: none. */
  get sinceWrap(): number {
    return this.#sinceWrap;
  }

  /** The loop, and whether it will be jumped in: not from behind its end. */
  get loop(): Loop | undefined {
    return this.#loop;
  }

  get looping(): boolean {
    return this.#looping;
  }

  /** The original stands in for the stems, in whole or in part. */
  get standsIn(): boolean {
    return this.#cover < this.#coverSamples;
  }

  /** Share of the stems in what was read `ago` samples ago (1: the last one; up to `BEFORE_SECONDS`): 0 to 1. */
  share(ago: number): number {
    return this.#shares[Math.max(0, this.#reads - Math.max(1, Math.round(ago))) % this.#shares.length];
  }

  /** Whether the next `ahead` samples are in memory, and those that a jump of the loop leads to. */
  loaded(ahead: number): boolean {
    const { blocks } = this.#source;
    if (!blocks) return true;
    const here = { start: this.#position - this.#before, end: this.#position + ahead + 2 };
    return blocks.has(here) && (!this.#looping || this.#jumps(ahead).every((stretch) => blocks.has(stretch)));
  }

  /** Blocks to be fetched for what is read from `position` on; see BlockTable. */
  wantedBlocks(position: number): readonly number[] {
    // A seek first fades out where it is.
    const here = { start: this.#position, end: this.#position + this.#before };
    return this.#source.blocks?.want(position, [here, ...this.#jumps(this.#before)]) ?? [];
  }

  /** Where it was `distance` samples of the song ago. */
  before(distance: number): number {
    return positionBefore(this.#position, distance, this.#sinceWrap, this.#loop);
  }

  /**
   * Goes to `position`.
   * @param meant The position that is to be heard, where reading begins before it: decides whether the loop holds.
   */
  jump(position: number, meant = position): void {
    this.#position = position;
    this.#sinceWrap = Number.POSITIVE_INFINITY;
    this.#looping = this.#loop !== undefined && meant < this.#loop.end;
    this.#settleCover();
  }

  /** Takes a loop, or none. To be done where `disturbs` is false, or where nothing can be heard. */
  setLoop(loop: Loop | undefined): void {
    this.#loop = loop;
    this.#sinceWrap = Number.POSITIVE_INFINITY;
    this.#looping = loop !== undefined && this.#position < loop.end;
    if (loop) this.#seamKind = seamKind(loop, this.#seam, this.#source.length);
  }

  /** Whether taking this loop now would cut into a seam, the old one's or the new one's. */
  disturbs(loop: Loop | undefined): boolean {
    return this.#inSeam(this.#loop) || this.#inSeam(loop) || (loop !== undefined && this.#position >= loop.end);
  }

  /** Takes the stems, or the original in their place, at once: to be done where nothing can be heard. */
  settle(): void {
    this.#settleCover();
  }

  /**
   * Reads `count` samples.
   * @param stems Takes them from index 0 on: first the original's channels, then as many of the vocals times their share.
   */
  read(stems: readonly Float32Array[], count: number): void {
    const channels = stems.length / 2;
    for (let i = 0; i < count; i++) {
      if (i % LOOK_EVERY === 0) this.#lookAhead();
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

  /** Turns to the original in time, before the stems end; to the stems where enough of them lie ahead. */
  #lookAhead(): void {
    const fading = (this.#cover + LOOK_EVERY + 2) * this.#step;
    const ahead = this.#coverStep > 0 ? fading : Math.max(fading, this.#stemsAhead);
    this.#coverStep = this.#hasStems(ahead) ? 1 : -1;
  }

  #settleCover(): void {
    this.#coverStep = this.#hasStems(this.#stemsAhead) ? 1 : -1;
    this.#cover = this.#coverStep > 0 ? this.#coverSamples : 0;
  }

  /** Whether the next `ahead` samples are separated, those behind the loop's jump and within its seam included. */
  #hasStems(ahead: number): boolean {
    const has = (start: number, end: number) =>
      this.#done.has(Math.max(0, Math.floor(start)), Math.min(this.length, Math.ceil(end) + 2));
    const { start, end } = this.#loop ?? { start: 0, end: 0 };
    const reach = this.#position + ahead;
    if (!this.#looping) return has(this.#position, reach);
    if (this.#sinceWrap < this.#seam && !has(this.#position + end - start, end + this.#seam)) return false;
    const over = reach - (end - this.#seam);
    if (over <= 0) return has(this.#position, reach);
    // Round the end, both sides of the seam are read.
    return has(this.#position, end + this.#seam) && has(start - this.#seam, Math.min(end, start + over + this.#seam));
  }

  /** What is read round the loop's ends. */
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
    const { length } = this.#source;
    const index = Math.floor(position);
    if (index < 0 || index >= length) return 0;
    const here = this.#recorded(signal, channel, index);
    const fraction = position - index;
    if (fraction === 0) return here;
    const there = this.#recorded(signal, channel, Math.min(index + 1, length - 1));
    return here + (there - here) * fraction;
  }

  #recorded(signal: Signal, channel: number, index: number): number {
    const { blocks } = this.#source;
    if (blocks) return blocks[signal](channel, index);
    const channels = this.#source[signal];
    return channels[Math.min(channel, channels.length - 1)]?.[index] ?? 0;
  }
}
