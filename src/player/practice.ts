import { Emitter } from '../core/emitter.ts';
import { beatSeconds, bpmWithin, type CountIn } from './count-in.ts';
import { type Loop, loopBetween } from './loop.ts';
import { AS_RECORDED, type RateAndKey, rateAndKeyWithin } from './rate-and-key.ts';

/** The marks of a loop, seconds. Both are there before it can be looped in. */
export interface LoopMarks {
  readonly start: number | undefined;
  readonly end: number | undefined;
}

/** Numbers of beats that can be counted in; 0: none. */
export const COUNT_INS = [0, 2, 3, 4, 6, 8] as const;

/** The part of the player that practice needs. */
export interface PracticePlayer {
  readonly position: number;
  readonly duration: number;
  setLoop(loop: Loop | undefined): void;
  setRateAndKey(rateAndKey: RateAndKey): Promise<void>;
}

/** Everything that practice is set to: to go on with in another view of the same song. */
export interface PracticeState {
  readonly marks: LoopMarks;
  readonly looping: boolean;
  readonly rateAndKey: RateAndKey;
  readonly beats: number;
  readonly bpm: number;
}

const UNMARKED: LoopMarks = { start: undefined, end: undefined };

/** What a person who practises has set: the loop, speed and key, the count-in. It tells the player, and `change`s. */
export class Practice extends Emitter<{ change: [] }> {
  readonly #player: PracticePlayer;
  readonly #sampleRate: number;
  #state: PracticeState = { marks: UNMARKED, looping: false, rateAndKey: AS_RECORDED, beats: 0, bpm: 100 };

  constructor(player: PracticePlayer, sampleRate: number) {
    super();
    this.#player = player;
    this.#sampleRate = sampleRate;
  }

  get state(): PracticeState {
    return this.#state;
  }

  /** What is heard before the song starts; undefined: nothing. */
  get countIn(): CountIn | undefined {
    const { beats, bpm, rateAndKey } = this.#state;
    return beats > 0 ? { beats, interval: beatSeconds(bpm, rateAndKey.speed) } : undefined;
  }

  /** Marks the loop's start where the song is now. An end that lies before that is taken away. */
  markStart(): void {
    const start = this.#player.position;
    const { end } = this.#state.marks;
    if (end !== undefined && end > start) this.loopBetween(start, end);
    else this.#set({ marks: { start, end: undefined }, looping: false });
  }

  /** Marks the loop's end where the song is now, and loops: from the mark before it, else from the beginning. */
  markEnd(): void {
    const end = this.#player.position;
    const start = this.#state.marks.start ?? 0;
    this.loopBetween(start < end ? start : 0, end);
  }

  /** Loops between two places, seconds, in either order. */
  loopBetween(a: number, b: number): void {
    const { start, end } = loopBetween(a, b, this.#sampleRate, this.#totalSamples);
    this.#set({ marks: { start: start / this.#sampleRate, end: end / this.#sampleRate }, looping: true });
  }

  /** Loops or goes on. Without marks, the whole song is the loop; with a start only, to the song's end. */
  toggleLoop(): void {
    const { marks, looping } = this.#state;
    if (looping) this.#set({ looping: false });
    else if (marks.start === undefined || marks.end === undefined) {
      this.loopBetween(marks.start ?? 0, this.#player.duration);
    } else this.#set({ looping: true });
  }

  /** Takes the marks away. */
  clearLoop(): void {
    this.#set({ marks: UNMARKED, looping: false });
  }

  /** Speed or key or both; what is left out stays. */
  setRateAndKey(rateAndKey: Partial<RateAndKey>): void {
    this.#set({ rateAndKey: rateAndKeyWithin({ ...this.#state.rateAndKey, ...rateAndKey }) });
  }

  /** The player plays as recorded, whatever was wished: it can do nothing else. */
  rateAndKeyFailed(): void {
    this.#state = { ...this.#state, rateAndKey: AS_RECORDED };
    this.emit('change');
  }

  setBeats(beats: number): void {
    this.#set({ beats });
  }

  setBpm(bpm: number): void {
    this.#set({ bpm: bpmWithin(bpm) });
  }

  /** Sets all at once. */
  restore(state: Partial<PracticeState>): void {
    this.#set(state);
  }

  get #totalSamples(): number {
    return Math.round(this.#player.duration * this.#sampleRate);
  }

  #set(change: Partial<PracticeState>): void {
    const before = this.#state;
    const state = { ...before, ...change };
    this.#state = state;
    const { marks, rateAndKey } = state;
    const moved = marks.start !== before.marks.start || marks.end !== before.marks.end;
    if (state.looping !== before.looping || (state.looping && moved)) this.#player.setLoop(this.#loop());
    if (rateAndKey.speed !== before.rateAndKey.speed || rateAndKey.semitones !== before.rateAndKey.semitones) {
      // The player tells by itself what cannot be played.
      void this.#player.setRateAndKey(rateAndKey);
    }
    this.emit('change');
  }

  #loop(): Loop | undefined {
    const { marks, looping } = this.#state;
    if (!looping || marks.start === undefined || marks.end === undefined) return undefined;
    return loopBetween(marks.start, marks.end, this.#sampleRate, this.#totalSamples);
  }
}
