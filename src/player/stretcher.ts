import type { StretchModule } from './capture-stretch-module.ts';
import { AS_RECORDED, MAX_RATE, type RateAndKey } from './rate-and-key.ts';

/**
 * Seconds of a block: the library's own default. From block to block its default is 0.03; 0.02 holds a 440 Hz sine to 3
 * cents instead of 6 (110 Hz: 10 instead of 17), at half as much work again.
 */
const BLOCK_SECONDS = 0.12;
const INTERVAL_SECONDS = 0.02;

/** Up to here overtones are shifted by the same factor; above, less and less, so that breath stays breath. */
const TONALITY_HZ = 8000;

/** Samples rendered in one go. */
const MAX_SAMPLES = 128;

/** Where samples come from: the next `count` of them, written into `out` from index 0. */
export type ReadSamples = (out: readonly Float32Array[], count: number) => void;

/**
 * Changes speed and key with Signalsmith Stretch, of all channels alike: they stay together to the phase. It pulls what
 * it needs: `lag` says how many samples further it has read than what comes out next.
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
  /** Part of a sample of input that is due. */
  #due = 0;

  constructor(module: StretchModule, channels: number, sampleRate: number) {
    this.#module = module;
    this.#channels = channels;
    this.#sampleRate = sampleRate;
    const block = Math.round(BLOCK_SECONDS * sampleRate);
    const interval = Math.round(INTERVAL_SECONDS * sampleRate);
    // Split: the work of a block is spread over the calls, which have 3 ms each.
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

  /** Samples of input read beyond what comes out next. */
  get lag(): number {
    return this.#inputLatency + this.#outputLatency * this.#rateAndKey.speed - this.#due;
  }

  /** Samples of input that `prime` reads before the place that comes out first. */
  get lead(): number {
    return this.#history - this.#inputLatency;
  }

  /** Takes a new speed and key, from the next block on. */
  setRateAndKey(rateAndKey: RateAndKey): void {
    this.#rateAndKey = rateAndKey;
    this.#module._setTransposeSemitones(rateAndKey.semitones, TONALITY_HZ / this.#sampleRate);
  }

  /** Begins anew. `read` gives what lies from `lead` samples before the place that is to come out first. */
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
    // The sum of many fractions may lie a hair under a whole number.
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
