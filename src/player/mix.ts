/**
 * The mixing kernel: reads the original and the vocals by sample index and makes
 *
 *     out = gA · original + (gV − gA) · vocals        (accompaniment = original − vocals)
 *
 * so that Original (gV = gA = 1) is the original bit for bit, Vocals is (1, 0) and Accompaniment is (0, 1).
 * One position drives both stems: they cannot drift apart. Gains glide linearly, sample by sample, over
 * `RAMP_SECONDS`; starting, pausing, seeking and waiting fade the whole output over `FADE_SECONDS`: no step is ever
 * larger than the signal's own step plus the slope of the ramp. Pure: the audio worklet is only an adapter round it.
 */

/** Seconds in which a gain reaches its target. */
export const RAMP_SECONDS = 0.02;

/** Seconds of the fade at play, pause, seek and hold. */
export const FADE_SECONDS = 0.005;

/** Finished seconds that must lie ahead before a held playback goes on: keeps it from stuttering. */
const RESUME_SECONDS = 0.5;

/** What the mixer reads. Channels of one length; the arrays may be shared with the page and fill in while it plays. */
export interface MixerSource {
  readonly original: readonly Float32Array[];
  readonly vocals: readonly Float32Array[];
  /** Samples of the song. */
  readonly length: number;
}

/** What the mixer tells. `position` in samples of the song, at the start of the block that comes next. */
export interface MixerState {
  readonly position: number;
  /** The person wants it to play (it may be holding). */
  readonly playing: boolean;
  /** Playing, but the stems that the mix needs are not separated yet: the position stands still. */
  readonly holding: boolean;
  /** The song's end was reached since the last `play()` or `seek()`. */
  readonly ended: boolean;
}

/** Gain of one stem on its way to a target. */
interface Glide {
  from: number;
  to: number;
}

/**
 * Mixes one song.
 *
 * @example
 * const mixer = new Mixer(44_100, 44_100);
 * mixer.setSource({ original: [mix], vocals: [voice], length: mix.length });
 * mixer.setDone(mix.length);
 * mixer.setMix(0, 1); // the band alone
 * mixer.play();
 * mixer.render([new Float32Array(128)]);
 */
export class Mixer {
  readonly #step: number;
  readonly #rampSamples: number;
  readonly #fadeSamples: number;
  readonly #resumeSamples: number;
  #source: MixerSource = { original: [], vocals: [], length: 0 };
  #done = 0;
  #position = 0;
  #playing = false;
  #holding = false;
  #ended = false;
  #seekTarget: number | undefined;
  readonly #vocals: Glide = { from: 1, to: 1 };
  readonly #accompaniment: Glide = { from: 1, to: 1 };
  /** Samples of the ramp still to go; 0: gains stand at their targets. */
  #rampLeft = 0;
  /** 0 silent … fadeSamples fully open. Whole numbers, so that open is exactly 1. */
  #fade = 0;

  /**
   * @param songRate Samples a second of the source.
   * @param outputRate Samples a second of the output. Another rate than the song's is read with linear interpolation.
   */
  constructor(songRate: number, outputRate: number) {
    this.#step = songRate / outputRate;
    this.#rampSamples = Math.max(1, Math.round(RAMP_SECONDS * outputRate));
    this.#fadeSamples = Math.max(1, Math.round(FADE_SECONDS * outputRate));
    this.#resumeSamples = Math.round(RESUME_SECONDS * songRate);
  }

  /** Takes the arrays to read. The position stays. */
  setSource(source: MixerSource): void {
    this.#source = source;
  }

  /** Says that the samples before `samples` are separated. */
  setDone(samples: number): void {
    this.#done = samples;
  }

  /** Glides to new gains (linear, ≥ 0) of vocals and accompaniment. Where nothing can be heard they are taken at once. */
  setMix(vocals: number, accompaniment: number): void {
    this.#vocals.from = this.#gain(this.#vocals);
    this.#accompaniment.from = this.#gain(this.#accompaniment);
    this.#vocals.to = vocals;
    this.#accompaniment.to = accompaniment;
    this.#rampLeft = this.#fade === 0 ? 0 : this.#rampSamples;
  }

  /** Starts, from the beginning if the end was reached. */
  play(): void {
    if (this.#ended) {
      this.#position = 0;
      this.#ended = false;
    }
    this.#playing = true;
  }

  /** Fades out and stands still. */
  pause(): void {
    this.#playing = false;
  }

  /** Goes to `sample`, clamped to the song: at once when silent, else after a fade out, and fades in there. */
  seek(sample: number): void {
    const target = Math.min(Math.max(0, sample), this.#source.length);
    this.#ended = false;
    if (this.#fade === 0) this.#position = target;
    else this.#seekTarget = target;
  }

  /** Where it is and what it does. A seek under way already tells its target. */
  state(): MixerState {
    return {
      position: this.#seekTarget ?? this.#position,
      playing: this.#playing,
      holding: this.#holding,
      ended: this.#ended,
    };
  }

  /** Fills `out` (one array per output channel; a mono song goes to all of them) with the next samples. */
  render(out: readonly Float32Array[]): void {
    const frames = out[0]?.length ?? 0;
    for (let i = 0; i < frames; i++) {
      if (this.#fade === 0) this.#whileSilent();
      const open = this.#wantsSound();
      if (open && this.#fade < this.#fadeSamples) this.#fade++;
      else if (!open && this.#fade > 0) this.#fade--;
      if (this.#fade === 0) {
        for (const channel of out) channel[i] = 0;
        continue;
      }
      const envelope = this.#fade === this.#fadeSamples ? 1 : this.#fade / this.#fadeSamples;
      if (this.#rampLeft > 0) this.#rampLeft--;
      const gainA = this.#gain(this.#accompaniment);
      const difference = this.#gain(this.#vocals) - gainA;
      for (let c = 0; c < out.length; c++) out[c][i] = envelope * this.#sample(c, gainA, difference);
      this.#position += this.#step;
      if (this.#position >= this.#source.length) this.#finish();
    }
  }

  /** Applies what waits for silence: a seek, new gains, the end of a hold. */
  #whileSilent(): void {
    this.#rampLeft = 0;
    if (this.#seekTarget !== undefined) {
      this.#position = this.#seekTarget;
      this.#seekTarget = undefined;
    }
    if (this.#playing && this.#position >= this.#source.length) this.#finish();
    const ahead = this.#done - this.#position;
    const enough = ahead >= this.#resumeSamples || this.#done >= this.#source.length;
    this.#holding = this.#playing && this.#needsStems() && !enough;
  }

  /** Whether the output should be open, now: playing, no seek waiting, and the stems there to the end of a fade out. */
  #wantsSound(): boolean {
    if (!this.#playing || this.#seekTarget !== undefined || this.#holding) return false;
    if (!this.#needsStems() || this.#done >= this.#source.length) return true;
    const fadeOut = (this.#fade + 1) * this.#step;
    if (this.#position + fadeOut < this.#done) return true;
    this.#holding = true;
    return false;
  }

  /** Equal gains need the original alone. */
  #needsStems(): boolean {
    return this.#vocals.to !== this.#accompaniment.to;
  }

  #finish(): void {
    this.#position = this.#source.length;
    this.#seekTarget = undefined;
    this.#playing = false;
    this.#holding = false;
    this.#ended = true;
    this.#fade = 0;
  }

  #gain(glide: Glide): number {
    if (this.#rampLeft === 0) return glide.to;
    return glide.to + (glide.from - glide.to) * (this.#rampLeft / this.#rampSamples);
  }

  #sample(channel: number, gainA: number, difference: number): number {
    const { original, vocals } = this.#source;
    const o = original[Math.min(channel, original.length - 1)];
    const v = vocals[Math.min(channel, vocals.length - 1)];
    if (!o) return 0;
    const index = Math.floor(this.#position);
    const here = gainA * o[index] + (v ? difference * v[index] : 0);
    const fraction = this.#position - index;
    if (fraction === 0) return here;
    const next = Math.min(index + 1, this.#source.length - 1);
    const there = gainA * o[next] + (v ? difference * v[next] : 0);
    return here + (there - here) * fraction;
  }
}
