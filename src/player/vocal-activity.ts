/** Seconds of one frame. */
export const FRAME_SECONDS = 0.05;

/** Least energy of the vocals relative to the mixture, and to the song's loudest vocals. */
interface Threshold {
  readonly belowMixture: number;
  readonly belowLoudest: number;
}

const threshold = (mixtureDb: number, loudestDb: number): Threshold => ({
  belowMixture: 10 ** (-mixtureDb / 10),
  belowLoudest: 10 ** (-loudestDb / 10),
});

/**
 * Singing begins above the first threshold and ends below the second. What a network leaves of the band in passages
 * without singing is much softer than the song's loudest vocals.
 */
const ON = threshold(12, 28);
const OFF = threshold(18, 38);

/** Breaths between words do not end a passage; a click does not begin one. */
const MIN_PAUSE_SECONDS = 0.4;
const MIN_PASSAGE_SECONDS = 0.25;

/** A soft first sound (m, w, a breath) belongs to the passage that follows: at most this many frames before it. */
const ONSET_FRAMES = 10;

/** A range of the song, seconds. */
export interface Passage {
  readonly start: number;
  readonly end: number;
}

/**
 * Detects singing from separated vocals, which may arrive in any order: compares their energy in frames of 50 ms with
 * the mixture's and with the song's loudest vocals, with hysteresis.
 *
 * @example
 * const activity = new VocalActivity(storage.sampleRate, storage.samples);
 * activity.take(chunk.start, chunk.vocals, chunk.accompaniment); // the first second has been separated
 * activity.passages()[0]?.start; // where the singer comes in
 */
export class VocalActivity {
  readonly #sampleRate: number;
  readonly #vocals: Float64Array;
  readonly #mixture: Float64Array;
  readonly #curve: Float32Array;
  /** Energies of partial frames at the boundaries of pieces, by the part's first sample. */
  readonly #parts = new Map<number, Map<number, readonly [vocals: number, mixture: number]>>();
  #loudest = 0;
  #passages: readonly Passage[] | undefined;

  /** @param samples of one channel of the whole song */
  constructor(sampleRate: number, samples: number) {
    this.#sampleRate = sampleRate;
    const frames = Math.max(1, Math.ceil(samples / sampleRate / FRAME_SECONDS));
    this.#vocals = new Float64Array(frames);
    this.#mixture = new Float64Array(frames);
    this.#curve = new Float32Array(frames);
  }

  /**
   * Adds a separated piece of the song, from sample `start` on. Pieces may come in any order.
   *
   * @param accompaniment original − vocals
   */
  take(start: number, vocals: readonly Float32Array[], accompaniment: readonly Float32Array[]): void {
    const perFrame = this.#sampleRate * FRAME_SECONDS;
    const end = start + (vocals[0]?.length ?? 0);
    const last = Math.min(this.#vocals.length, Math.ceil(end / perFrame));
    for (let frame = Math.floor(start / perFrame); frame < last; frame++) {
      const [first, next] = [Math.ceil(frame * perFrame), Math.ceil((frame + 1) * perFrame)];
      const [from, to] = [Math.max(start, first), Math.min(end, next)];
      const voice = energy(vocals, from - start, to - start);
      const mixture = energyOfSum(vocals, accompaniment, from - start, to - start);
      if (from === first && to === next) {
        this.#vocals[frame] = voice;
        this.#mixture[frame] = mixture;
        continue;
      }
      const parts = this.#parts.get(frame) ?? new Map<number, readonly [number, number]>();
      this.#parts.set(frame, parts.set(from, [voice, mixture]));
      this.#vocals[frame] = 0;
      this.#mixture[frame] = 0;
      for (const [v, m] of parts.values()) {
        this.#vocals[frame] += v;
        this.#mixture[frame] += m;
      }
    }
    this.#loudest = 0;
    for (let frame = 0; frame < this.#vocals.length; frame++) {
      if (this.#vocals[frame] > this.#loudest) this.#loudest = this.#vocals[frame];
    }
    this.#passages = undefined;
  }

  /** How much of each frame's energy is voice, 0 to 1; 0 where the song is silent. The same array at each call. */
  curve(): Float32Array {
    const softest = this.#loudest * OFF.belowLoudest;
    for (let frame = 0; frame < this.#curve.length; frame++) {
      const voice = this.#vocals[frame];
      this.#curve[frame] = voice === 0 || voice < softest ? 0 : voice / Math.max(this.#mixture[frame], voice);
    }
    return this.#curve;
  }

  /** Where there is singing, in order. */
  passages(): readonly Passage[] {
    this.#passages ??= this.#find();
    return this.#passages;
  }

  #find(): readonly Passage[] {
    const found: { start: number; end: number }[] = [];
    let on = false;
    for (let frame = 0; frame < this.#vocals.length; frame++) {
      const wasOn = on;
      on = this.#above(frame, on ? OFF : ON);
      if (!on) continue;
      let first = frame;
      if (!wasOn) while (first > 0 && frame - first < ONSET_FRAMES && this.#above(first - 1, OFF)) first--;
      const start = first * FRAME_SECONDS;
      const end = (frame + 1) * FRAME_SECONDS;
      const last = found.at(-1);
      if (last && start - last.end < MIN_PAUSE_SECONDS) last.end = end;
      else found.push({ start, end });
    }
    return found.filter(({ start, end }) => end - start >= MIN_PASSAGE_SECONDS - 1e-9);
  }

  #above(frame: number, { belowMixture, belowLoudest }: Threshold): boolean {
    const voice = this.#vocals[frame];
    return voice > 0 && voice >= this.#mixture[frame] * belowMixture && voice >= this.#loudest * belowLoudest;
  }
}

function energyOfSum(a: readonly Float32Array[], b: readonly Float32Array[], from: number, to: number): number {
  let sum = 0;
  for (const [c, channel] of a.entries()) {
    for (let n = from; n < to; n++) sum += (channel[n] + b[c][n]) ** 2;
  }
  return sum;
}

function energy(channels: readonly Float32Array[], from: number, to: number): number {
  let sum = 0;
  for (const channel of channels) {
    const end = Math.min(to, channel.length);
    for (let n = from; n < end; n++) sum += channel[n] * channel[n];
  }
  return sum;
}
