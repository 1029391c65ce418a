import type { StretchModule } from './capture-stretch-module.ts';
import { AS_RECORDED, MAX_RATE, type RateAndKey } from './rate-and-key.ts';

/**
 * Length of a block, seconds: the library's default. Its default interval between blocks is 0.03; with 0.02 a 440 Hz
 * sine stays within 3 cents instead of 6 (110 Hz: 10 instead of 17), for 1.5 times the work.
 */
const BLOCK_SECONDS = 0.12;
const INTERVAL_SECONDS = 0.02;

/**
 * Up to this frequency, overtones are shifted by the same factor; above it, less and less, so that breaths sound
 * natural.
 */
const TONALITY_HZ = 8000;

/** Samples rendered at once. */
const MAX_SAMPLES = 128;

/** Writes the next `count` samples into `out` from index 0. */
export type ReadSamples = (out: readonly Float32Array[], count: number) => void;

/**
 * Changes speed and key with Signalsmith Stretch, of all channels together, so that their phases stay aligned. It reads
 * the input it needs: `lag` is the number of samples by which its input is ahead of its output.
 */
export class Stretcher {
  readonly #module: StretchModule;
  readonly #channels: number;
  readonly #sampleRate: number;
  readonly #history: number;
  readonly #length: number;
  readonly #inputLatency: number;
  readonly #outputLatency: number;
  readonly #address: number;
  #rateAndKey: RateAndKey = AS_RECORDED;
  #inputs: readonly Float32Array[] = [];
  #outputs: readonly Float32Array[] = [];
  #buffer: ArrayBufferLike | undefined;
  /** Fraction of an input sample that is carried over. */
  #due = 0;

  constructor(module: StretchModule, channels: number, sampleRate: number) {
    this.#module = module;
    this.#channels = channels;
    this.#sampleRate = sampleRate;
    const block = Math.round(BLOCK_SECONDS * sampleRate);
    const interval = Math.round(INTERVAL_SECONDS * sampleRate);
    // Split: spreads the work of a block over the calls, which have 3 ms each.
    module._configure(channels, block, interval, true);
    module._reset();
    this.#inputLatency = module._inputLatency();
    this.#outputLatency = module._outputLatency();
    this.#history = block + interval;
    this.#length = Math.max(this.#history, Math.ceil(MAX_SAMPLES * MAX_RATE) + 1);
    this.#address = module._setBuffers(channels, this.#length);
  }

  /** Channels of input and output. */
  get channels(): number {
    return this.#channels;
  }

  /** Input samples read ahead of the next output sample. */
  get lag(): number {
    return this.#inputLatency + this.#outputLatency * this.#rateAndKey.speed - this.#due;
  }

  /** Input samples that `prime` reads before the first output sample. */
  get lead(): number {
    return this.#history - this.#inputLatency;
  }

  /** Sets speed and key, from the next block on. */
  setRateAndKey(rateAndKey: RateAndKey): void {
    this.#rateAndKey = rateAndKey;
    this.#module._setTransposeSemitones(rateAndKey.semitones, TONALITY_HZ / this.#sampleRate);
  }

  /** Starts again. `read` starts `lead` samples before the first sample of the output. */
  prime(read: ReadSamples): void {
    this.#module._reset();
    this.#due = 0;
    read(this.#views().inputs, this.#history);
    this.#module._seek(this.#history, this.#rateAndKey.speed);
    for (let left = this.#outputLatency; left > 0; left -= MAX_SAMPLES)
      this.#process(read, Math.min(left, MAX_SAMPLES));
  }

  /** Fills samples [from, from + count) of `out`. */
  render(read: ReadSamples, out: readonly Float32Array[], from: number, count: number): void {
    for (let done = 0; done < count; ) {
      const now = Math.min(MAX_SAMPLES, count - done);
      this.#process(read, now);
      const { outputs } = this.#views();
      for (let c = 0; c < out.length; c++) {
        out[c].set(outputs[Math.min(c, outputs.length - 1)].subarray(0, now), from + done);
      }
      done += now;
    }
  }

  #process(read: ReadSamples, count: number): void {
    this.#due += count * this.#rateAndKey.speed;
    // The sum of many fractions may be slightly below a whole number.
    const input = Math.floor(this.#due + 1e-6);
    this.#due -= input;
    read(this.#views().inputs, input);
    this.#module._process(input, count);
  }

  /** The WebAssembly's memory as samples; its buffer changes when it grows. */
  #views(): { readonly inputs: readonly Float32Array[]; readonly outputs: readonly Float32Array[] } {
    const { buffer } = this.#module.HEAP8;
    if (buffer !== this.#buffer) {
      this.#buffer = buffer;
      const view = (n: number) => new Float32Array(buffer, this.#address + 4 * n * this.#length, this.#length);
      const channels = Array.from({ length: this.#channels }, (_, c) => c);
      this.#inputs = channels.map((c) => view(c));
      this.#outputs = channels.map((c) => view(this.#channels + c));
    }
    return { inputs: this.#inputs, outputs: this.#outputs };
  }
}
