import type { Range } from '../core/ranges.ts';
import { type CountIn, CountInClicks } from './count-in.ts';
import type { Loop } from './loop.ts';
import type { MixerState } from './mixer-messages.ts';
import { AS_RECORDED, isAsRecorded, type RateAndKey } from './rate-and-key.ts';
import type { HeardResult, MixerSource, WantedBlocks } from './result-reader.ts';
import { SongReader } from './song-reader.ts';
import { addVocals, StemGains } from './stem-gains.ts';
import type { Stretcher } from './stretcher.ts';

/**
 * The mixing kernel. One position drives both stems, so they cannot drift apart (song-reader.ts). If speed or key are
 * changed, one stretcher processes both stems together. Gains are applied after it (stem-gains.ts), so that they take
 * effect at once. The mixer never waits for the separation: the original replaces a stem that is not separated yet.
 * Starting, pausing, seeking and everything else that would cut the sound fades the whole output over `FADE_SECONDS`:
 * no step is larger than the signal's own step plus the slope of the ramp. Pure: the audio worklet is only an adapter.
 */

/** Seconds of the fade at play, pause and seek. */
export const FADE_SECONDS = 0.005;

/** Samples mixed at once. */
const MAX_SAMPLES = 128;

/** Seconds that must be in memory before playback continues after waiting for the disk; prevents stuttering. */
const RESUME_SECONDS = 0.5;

/**
 * Mixes one song.
 *
 * @example
 * const mixer = new Mixer(44_100, 44_100);
 * mixer.setSource({ original: [mix], vocals: [voice], length: mix.length });
 * mixer.setDone([{ start: 0, end: mix.length }]);
 * mixer.setMix(0, 1); // the accompaniment alone
 * mixer.play();
 * mixer.render([new Float32Array(128)]);
 */
export class Mixer {
  readonly #step: number;
  readonly #fadeSamples: number;
  readonly #resumeSamples: number;
  readonly #reader: SongReader;
  readonly #gains: StemGains;
  /** The original's channels, then the vocals'. */
  #stems: readonly Float32Array[] = [];
  #playing = false;
  #loading = false;
  #ended = false;
  #seekTarget: number | undefined;
  /** A change of the loop that must wait for silence; `loop: undefined` removes the loop. */
  #nextLoop: { readonly loop: Loop | undefined } | undefined;
  #rateAndKey: RateAndKey = AS_RECORDED;
  #stretcher: Stretcher | undefined;
  /** The sound goes through the stretcher. */
  #stretching = false;
  /** The stretcher holds what comes before the position. */
  #primed = false;
  readonly #clicks: CountInClicks;
  /** 0 (silent) to fadeSamples (full level). Whole numbers, so that the full level is exactly 1. */
  #fade = 0;
  /** For the stretcher: the accompaniment instead of the original, so that neither stem leaks into the other. */
  readonly #readParted = (stems: readonly Float32Array[], count: number): void => {
    this.#reader.read(stems, count);
    addVocals(stems, count, -1);
  };

  /**
   * @param songRate Sample rate of the source, hertz.
   * @param outputRate Sample rate of the output, hertz. If it differs from the song's, samples are interpolated linearly.
   */
  constructor(songRate: number, outputRate: number) {
    this.#step = songRate / outputRate;
    this.#clicks = new CountInClicks(outputRate);
    this.#fadeSamples = Math.max(1, Math.round(FADE_SECONDS * outputRate));
    this.#resumeSamples = Math.round(RESUME_SECONDS * songRate);
    this.#reader = new SongReader(this.#step, outputRate);
    this.#gains = new StemGains(outputRate);
  }

  /** Sets the arrays of a result, a separation of the song; all have one rate and length. The position stays. */
  setSource(source: MixerSource, result = 0): void {
    this.#reader.setSource(source, result);
  }

  /** Sets which ranges of a result are separated, in samples of the song. */
  setDone(ranges: readonly Range[], result = 0): void {
    this.#reader.setDone(ranges, result);
  }

  /** Cross-fades to another result, or to the difference of two. During silence it changes at once. */
  hear(heard: HeardResult): void {
    this.#reader.hear(heard);
  }

  /** Releases a result that is not to be heard, as soon as it has faded out. */
  drop(result: number): void {
    this.#reader.drop(result);
  }

  /** Ramps to new gains (linear, ≥ 0) of vocals and accompaniment. During silence they change at once. */
  setMix(vocals: number, accompaniment: number): void {
    this.#gains.set(vocals, accompaniment, this.#fade > 0);
  }

  /** Sets or removes the loop. A position after its end moves to its start. */
  setLoop(loop: Loop | undefined): void {
    if (loop && this.#at() >= loop.end) this.#seekTarget = loop.start;
    if (this.#fade > 0 && this.#reader.disturbs(loop)) this.#nextLoop = { loop };
    else {
      this.#nextLoop = undefined;
      this.#reader.setLoop(loop);
    }
  }

  /**
   * Sets the stretcher, which any other speed or key than recorded needs: two channels for each channel of the song.
   */
  setStretcher(stretcher: Stretcher): void {
    this.#stretcher = stretcher;
    stretcher.setRateAndKey(this.#rateAndKey);
  }

  /** Sets speed and key. Without a stretcher the song plays as recorded. */
  setRateAndKey(rateAndKey: RateAndKey): void {
    this.#rateAndKey = rateAndKey;
    this.#stretcher?.setRateAndKey(rateAndKey);
  }

  /** Starts playback; after the end, from the beginning of the song or of the loop. */
  play(countIn?: CountIn): void {
    if (this.#ended) {
      this.#reader.jump(this.#reader.loop?.start ?? 0);
      this.#ended = false;
    }
    if (countIn && !this.#playing) this.#clicks.start(countIn);
    this.#playing = true;
  }

  /** Fades out and stops. */
  pause(): void {
    this.#playing = false;
    this.#clicks.stop();
  }

  /** Seeks to `sample`, clamped to the song: at once during silence, else after a fade-out, then fades in. */
  seek(sample: number): void {
    const target = Math.min(Math.max(0, sample), this.#reader.length);
    this.#ended = false;
    this.#seekTarget = target;
    if (this.#fade === 0) this.#whileSilent();
  }

  /** The current state. During a seek, `position` is already its target. */
  state(): MixerState {
    const { looping, loop } = this.#reader;
    return {
      position: this.#seekTarget ?? this.#at(),
      playing: this.#playing,
      standsIn: this.#playing && this.#gains.parted && this.#reader.standsIn,
      loading: this.#loading,
      ended: this.#ended,
      counting: this.#playing ? this.#clicks.beatsLeft : 0,
      speed: this.#speed(),
      loop: looping ? loop : undefined,
      sinceWrap: this.#seekTarget === undefined ? this.#sinceWrapHeard() : Number.POSITIVE_INFINITY,
    };
  }

  /** Fills `out` (one array per output channel; a mono song fills all of them) with the next samples. */
  render(out: readonly Float32Array[]): void {
    const frames = out[0]?.length ?? 0;
    for (let i = 0; i < frames; ) {
      if (this.#fade === 0) this.#whileSilent();
      if (this.#fade === 0 && this.#clicks.running) {
        i += this.#clicks.render(out, i, frames - i);
        continue;
      }
      const open = this.#wantsSound(frames - i);
      if (!open && this.#fade === 0) {
        for (const channel of out) channel.fill(0, i);
        return;
      }
      const count = Math.min(frames - i, open ? this.#samplesLeft() : this.#fade);
      this.#pull(out, i, count);
      this.#envelope(out, i, count, open);
      i += count;
      if (this.#at() >= this.#reader.length) this.#finish();
    }
  }

  /** Blocks of a song on disk to fetch, the most urgent first. */
  wantedBlocks(): readonly WantedBlocks[] {
    return this.#reader.wantedBlocks(this.#seekTarget ?? this.#reader.position);
  }

  /** Samples of the song by which the reader is ahead of the output. */
  #lag(): number {
    return this.#primed && this.#stretcher ? this.#stretcher.lag * this.#step : 0;
  }

  /** The next sample of the song at the output. */
  #at(): number {
    return this.#reader.before(this.#lag());
  }

  #speed(): number {
    return this.#stretching ? this.#rateAndKey.speed : 1;
  }

  #sinceWrapHeard(): number {
    const { sinceWrap, loop } = this.#reader;
    const since = sinceWrap - this.#lag();
    // The output has not reached the jump yet: the jump before it was a whole loop earlier, or never.
    return since >= 0 || !loop ? since : Number.POSITIVE_INFINITY;
  }

  #pull(out: readonly Float32Array[], from: number, count: number): void {
    const stretcher = this.#stretching ? this.#stretcher : undefined;
    const channels = stretcher?.channels ?? 2 * out.length;
    if (this.#stems.length !== channels) {
      this.#stems = Array.from({ length: channels }, () => new Float32Array(MAX_SAMPLES));
    }
    if (stretcher && !this.#primed) {
      const { position } = this.#reader;
      this.#reader.jump(position - stretcher.lead * this.#step, position);
      stretcher.prime(this.#readParted);
      this.#primed = true;
    }
    for (let done = 0; done < count; done += MAX_SAMPLES) {
      const now = Math.min(MAX_SAMPLES, count - done);
      if (stretcher) {
        stretcher.render(this.#readParted, this.#stems, 0, now);
        addVocals(this.#stems, now, 1);
      } else this.#reader.read(this.#stems, now);
      const lag = stretcher?.lag ?? 0;
      const speed = this.#speed();
      this.#gains.mix(this.#stems, (i) => this.#reader.share(lag + (now - i) * speed), out, from + done, now);
    }
  }

  #envelope(out: readonly Float32Array[], from: number, count: number, open: boolean): void {
    for (let i = from; i < from + count; i++) {
      if (open && this.#fade < this.#fadeSamples) this.#fade++;
      else if (!open) this.#fade--;
      if (this.#fade === this.#fadeSamples) continue;
      for (const channel of out) channel[i] *= this.#fade / this.#fadeSamples;
    }
  }

  /** Applies what waits for silence: a seek, new gains, a loop, switching the stretcher on or off. */
  #whileSilent(): void {
    this.#reader.settle();
    this.#gains.settle();
    const position = this.#seekTarget ?? this.#at();
    if (this.#primed || this.#seekTarget !== undefined) this.#reader.jump(position);
    this.#primed = false;
    this.#seekTarget = undefined;
    if (this.#nextLoop) this.#reader.setLoop(this.#nextLoop.loop);
    this.#nextLoop = undefined;
    this.#stretching = this.#wantsStretch();
    if (this.#playing && position >= this.#reader.length) this.#finish();
    this.#loading = this.#playing && !this.#reader.loaded(this.#resumeSamples * this.#speed());
  }

  #wantsStretch(): boolean {
    return this.#stretcher !== undefined && !isAsRecorded(this.#rateAndKey);
  }

  /**
   * Whether to output sound now: playing, nothing waits for silence, and samples are in memory to the end of a
   * fade-out.
   */
  #wantsSound(frames: number): boolean {
    if (!this.#playing || this.#seekTarget !== undefined || this.#nextLoop) return false;
    if (this.#loading || this.#stretching !== this.#wantsStretch()) return false;
    if (!this.#reader.loaded((this.#fade + frames + 1) * this.#step * this.#speed())) {
      this.#loading = true;
      return false;
    }
    return true;
  }

  /** Samples of output to the song's end, at least 1. */
  #samplesLeft(): number {
    if (this.#reader.looping) return Number.POSITIVE_INFINITY;
    const left = (this.#reader.length - this.#at()) / (this.#step * this.#speed());
    return Math.max(1, Math.ceil(left - 1e-6));
  }

  #finish(): void {
    this.#reader.jump(this.#reader.length);
    this.#primed = false;
    this.#seekTarget = undefined;
    this.#playing = false;
    this.#loading = false;
    this.#ended = true;
    this.#fade = 0;
  }
}
