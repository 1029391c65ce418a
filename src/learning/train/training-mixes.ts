import { ParameterError } from '../../core/errors.ts';
import { Stft } from '../../dsp/stft.ts';
import type { ModelDescription } from '../../model/manifest.ts';

/** A mix, and the voice in it. */
export interface Example {
  /** Magnitudes of the mixture, frames × bins. */
  readonly magnitudes: Float32Array;
  /** The same for the loss: bins × frames, divided by the mixture's greatest magnitude. */
  readonly mixture: Float32Array;
  readonly voice: Float32Array;
  /** The samples of both. */
  readonly sound: { readonly mixture: Float32Array; readonly voice: Float32Array };
}

/** Share of the sounds, at their end, that is never trained on. */
const HELD_OUT = 0.25;
/** Largest change of a stem's level, decibels. */
const LEVEL_DB = 6;
/** An excerpt of the voice counts as singing from this share of the greatest level on. */
const SINGING = 0.2;

/** Makes training pairs: a voice and an accompaniment, mixed at random positions and levels. */
export class TrainingMixes {
  readonly #voice: Float32Array;
  readonly #accompaniment: Float32Array;
  readonly #description: ModelDescription;
  readonly #stft: Stft;
  readonly #length: number;
  /** Samples at which excerpts with singing begin. */
  readonly #sung: readonly number[];

  /**
   * @param voice mono, at the model's rate
   * @param accompaniment the same
   * @throws ParameterError where they are too short, or the voice is silent
   */
  constructor(voice: Float32Array, accompaniment: Float32Array, description: ModelDescription) {
    const { stft, patch } = description;
    this.#voice = voice;
    this.#accompaniment = accompaniment;
    this.#description = description;
    this.#stft = new Stft({ ...stft, centred: false });
    this.#length = (patch.frames - 1) * stft.hop + stft.fftSize;
    const least = this.#length / (1 - HELD_OUT);
    if (voice.length < least || accompaniment.length < least) {
      const seconds = Math.ceil(least / description.sampleRate);
      throw new ParameterError('training.too-short', { seconds });
    }
    const step = Math.floor(description.sampleRate / 4);
    const levels: [start: number, level: number][] = [];
    for (let start = 0; start + this.#length <= voice.length; start += step) {
      let sum = 0;
      for (let n = start; n < start + this.#length; n++) sum += voice[n] ** 2;
      levels.push([start, Math.sqrt(sum / this.#length)]);
    }
    const greatest = levels.reduce((most, [, level]) => Math.max(most, level), 0);
    if (!(greatest > 0)) throw new ParameterError('training.silent');
    const end = voice.length * (1 - HELD_OUT) - this.#length;
    const sung = levels.filter(([start, level]) => start <= end && level > SINGING * greatest).map(([start]) => start);
    this.#sung = sung.length > 0 ? sung : levels.map(([start]) => start).slice(0, 1);
  }

  /** A random mix: the same for the same seed. */
  mix(seed: number): Example {
    const random = mulberry32(seed);
    const voice = this.#sung[Math.floor(random() * this.#sung.length)];
    const lastStart = this.#accompaniment.length * (1 - HELD_OUT) - this.#length;
    const level = () => 10 ** (((2 * random() - 1) * LEVEL_DB) / 20);
    return this.#example(voice, Math.floor(random() * Math.max(1, lastStart)), level(), level());
  }

  /** The loudest singing of the held-out share, at its own levels. */
  heldOut(): Example {
    const { length } = this.#voice;
    let best = length - this.#length;
    let most = -1;
    for (let start = Math.ceil(length * (1 - HELD_OUT)); start + this.#length <= length; start += 2048) {
      let sum = 0;
      for (let n = start; n < start + this.#length; n++) sum += this.#voice[n] ** 2;
      if (sum > most) [most, best] = [sum, start];
    }
    return this.#example(best, Math.min(best, this.#accompaniment.length - this.#length), 1, 1);
  }

  #example(voiceAt: number, accompanimentAt: number, voiceGain: number, accompanimentGain: number): Example {
    const { patch } = this.#description;
    const voice = this.#voice.slice(voiceAt, voiceAt + this.#length).map((value) => value * voiceGain);
    const mixture = voice.map((value, n) => value + accompanimentGain * this.#accompaniment[accompanimentAt + n]);
    const magnitudes = this.#magnitudes(mixture);
    const greatest = magnitudes.reduce((most, value) => Math.max(most, value), 1e-9);
    const { frames, bins } = patch;
    const turn = (frameByFrame: Float32Array) => {
      const turned = new Float32Array(frameByFrame.length);
      for (let frame = 0, at = 0; frame < frames; frame++) {
        for (let bin = 0; bin < bins; bin++, at++) turned[bin * frames + frame] = frameByFrame[at] / greatest;
      }
      return turned;
    };
    const magnitudesOfVoice = turn(this.#magnitudes(voice));
    return { magnitudes, mixture: turn(magnitudes), voice: magnitudesOfVoice, sound: { mixture, voice } };
  }

  #magnitudes(sound: Float32Array): Float32Array {
    const { patch } = this.#description;
    const column = new Float32Array(this.#stft.bins);
    const magnitudes = new Float32Array(patch.frames * patch.bins);
    for (let frame = 0; frame < patch.frames; frame++) {
      this.#stft.magnitudeFrame(sound, frame, column);
      magnitudes.set(column.subarray(patch.firstBin, patch.firstBin + patch.bins), frame * patch.bins);
    }
    return magnitudes;
  }
}

/** Tommy Ettinger's mulberry32, public domain: uniform in [0, 1). */
function mulberry32(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
