/** Clicks before the song starts. */
export interface CountIn {
  /** Clicks, at least 1; the first is accented. */
  readonly beats: number;
  /** Seconds from click to click, and from the last one to the song. */
  readonly interval: number;
}

export const MIN_BPM = 30;
export const MAX_BPM = 300;

const CLICK_SECONDS = 0.04;
const ACCENT_HZ = 1760;
const CLICK_HZ = 1175;
const CLICK_LEVEL = 0.4;

/** The nearest tempo that can be counted in, whole beats a minute. */
export function bpmWithin(bpm: number): number {
  return Number.isFinite(bpm) ? Math.round(Math.min(MAX_BPM, Math.max(MIN_BPM, bpm))) : 100;
}

/** Seconds from beat to beat of a song of `bpm`, played at `speed`. */
export function beatSeconds(bpm: number, speed: number): number {
  return 60 / (bpm * speed);
}

/** Seconds without a tap after which a new tapping begins. */
const TAP_PAUSE = 2.5;

/** Taps that are averaged at most. */
const MAX_TAPS = 8;

/**
 * The taps to go on with after one at `now`: those of this tapping.
 * @param taps Times of the taps before, seconds.
 */
export function tapped(taps: readonly number[], now: number): readonly number[] {
  const last = taps.at(-1);
  const going = last !== undefined && now - last < TAP_PAUSE ? taps : [];
  return [...going, now].slice(-MAX_TAPS);
}

/** Tempo of taps, beats a minute, from the mean interval; undefined for less than two taps. */
export function bpmOfTaps(taps: readonly number[]): number | undefined {
  if (taps.length < 2) return undefined;
  return bpmWithin((60 * (taps.length - 1)) / (taps[taps.length - 1] - taps[0]));
}

/** Sample `n` of the count-in at `rate`: a short sine burst that begins and ends at 0, on each beat. */
export function clickSample(n: number, countIn: CountIn, rate: number): number {
  const interval = intervalSamples(countIn, rate);
  const inBeat = n % interval;
  const length = Math.round(Math.min(CLICK_SECONDS * rate, interval / 2));
  if (inBeat >= length) return 0;
  const hz = n < interval ? ACCENT_HZ : CLICK_HZ;
  // Half a raised cosine up in a tenth of the burst, the other half down.
  const rise = length / 10;
  const envelope = inBeat < rise ? inBeat / rise : 0.5 + 0.5 * Math.cos((Math.PI * (inBeat - rise)) / (length - rise));
  return CLICK_LEVEL * envelope * Math.sin((2 * Math.PI * hz * inBeat) / rate);
}

/** Whole samples from click to click. */
export function intervalSamples(countIn: CountIn, rate: number): number {
  return Math.max(1, Math.round(countIn.interval * rate));
}

/** The clicks of a count-in, one after the other. */
export class CountInClicks {
  readonly #rate: number;
  #countIn: CountIn | undefined;
  /** Samples that were rendered. */
  #done = 0;

  /** @param rate samples a second of the output */
  constructor(rate: number) {
    this.#rate = rate;
  }

  /** Whether there are clicks to come. */
  get running(): boolean {
    return this.#countIn !== undefined;
  }

  /** Clicks that are still to be heard, this one included; 0 while none are. */
  get beatsLeft(): number {
    if (!this.#countIn) return 0;
    return this.#countIn.beats - Math.floor(this.#done / intervalSamples(this.#countIn, this.#rate));
  }

  start(countIn: CountIn): void {
    if (countIn.beats <= 0) return;
    this.#countIn = countIn;
    this.#done = 0;
  }

  stop(): void {
    this.#countIn = undefined;
  }

  /** Fills at most `most` samples of each channel, from sample `from` on, until the count-in is over; returns how many. */
  render(out: readonly Float32Array[], from: number, most: number): number {
    const countIn = this.#countIn;
    if (!countIn) return 0;
    const total = countIn.beats * intervalSamples(countIn, this.#rate);
    const count = Math.min(most, total - this.#done);
    for (let i = from; i < from + count; i++) {
      const value = clickSample(this.#done++, countIn, this.#rate);
      for (const channel of out) channel[i] = value;
    }
    if (this.#done >= total) this.#countIn = undefined;
    return count;
  }
}
