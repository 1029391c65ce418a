import { Emitter } from '../core/emitter.ts';
import { beatSeconds, bpmWithin, type CountIn } from './count-in.ts';
import { type Loop, loopBetween } from './loop.ts';
import { AS_RECORDED, type RateAndKey, rateAndKeyWithin } from './rate-and-key.ts';

/** The marks of a loop, seconds. A loop needs both. */
export interface LoopMarks {
  readonly start: number | undefined;
  readonly end: number | undefined;
}

/** Available lengths of the count-in, beats; 0: no count-in. */
export const COUNT_INS = [0, 2, 3, 4, 6, 8] as const;

/** The part of the player that practice needs. */
export interface PracticePlayer {
  readonly position: number;
  readonly duration: number;
  setLoop(loop: Loop | undefined): void;
  setRateAndKey(rateAndKey: RateAndKey): Promise<void>;
}

/** All practice settings, to restore them in another view of the same song. */
export interface PracticeState {
  readonly marks: LoopMarks;
  readonly looping: boolean;
  readonly rateAndKey: RateAndKey;
  readonly beats: number;
  readonly bpm: number;
}

const UNMARKED: LoopMarks = { start: undefined, end: undefined };

/** Practice settings: loop, speed and key, count-in. Applies them to the player and emits `change`. */
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

  /** The count-in before the song; undefined: none. */
  get countIn(): CountIn | undefined {
    const { beats, bpm, rateAndKey } = this.#state;
    return beats > 0 ? { beats, interval: beatSeconds(bpm, rateAndKey.speed) } : undefined;
  }

  /** Sets the loop's start at the current position. Removes an end that lies before it. */
  markStart(): void {
    const start = this.#player.position;
    const { end } = this.#state.marks;
    if (end !== undefined && end > start) this.loopBetween(start, end);
    else this.#set({ marks: { start, end: undefined }, looping: false });
  }

  /** Sets the loop's end at the current position and loops from the start mark, or from the beginning of the song. */
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

  /** Switches the loop on or off. Without marks, it loops the whole song; with only a start, to the song's end. */
  toggleLoop(): void {
    const { marks, looping } = this.#state;
    if (looping) this.#set({ looping: false });
    else if (marks.start === undefined || marks.end === undefined) {
      this.loopBetween(marks.start ?? 0, this.#player.duration);
    } else this.#set({ looping: true });
  }

  /** Removes the marks. */
  clearLoop(): void {
    this.#set({ marks: UNMARKED, looping: false });
  }

  /** Sets speed, key or both; omitted values stay. */
  setRateAndKey(rateAndKey: Partial<RateAndKey>): void {
    this.#set({ rateAndKey: rateAndKeyWithin({ ...this.#state.rateAndKey, ...rateAndKey }) });
  }

  /** Resets speed and key: the player can only play as recorded. */
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

  /** Takes over settings that the player has already. */
  adopt(state: PracticeState): void {
    this.#state = state;
    this.emit('change');
  }

  /** Restores all settings. */
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
    if (state.looping !== before.looping || (state.looping && moved)) this.#player.setLoop(this.loop);
    if (rateAndKey.speed !== before.rateAndKey.speed || rateAndKey.semitones !== before.rateAndKey.semitones) {
      // The player emits an event of its own when this fails.
      void this.#player.setRateAndKey(rateAndKey);
    }
    this.emit('change');
  }

  /** The loop that is repeated, samples; undefined: none. */
  get loop(): Loop | undefined {
    const { marks, looping } = this.#state;
    if (!looping || marks.start === undefined || marks.end === undefined) return undefined;
    return loopBetween(marks.start, marks.end, this.#sampleRate, this.#totalSamples);
  }
}
