import { ParameterError } from '../core/errors.ts';

/**
 * Smallest ratio of the least to the greatest Σw² for which a short-time spectrum is inverted. Below it the rounding
 * of single precision, which is divided by √Σw², would grow by more than 300 and 1e-6 could not be kept.
 */
export const MIN_OVERLAP_RATIO = 1e-5;

/**
 * Σ over frames of w² in the steady state, one period of `hop` samples: the denominator of the least-squares
 * overlap-add (Griffin & Lim 1984, "Signal estimation from modified short-time Fourier transform", eq. 6).
 */
export function overlapWeights(window: ArrayLike<number>, hop: number): Float64Array {
  const weights = new Float64Array(hop);
  for (let n = 0; n < window.length; n++) weights[n % hop] += window[n] * window[n];
  return weights;
}

/** Whether windows `hop` apart cover every sample well enough to be inverted; see {@link MIN_OVERLAP_RATIO}. */
export function isInvertible(window: ArrayLike<number>, hop: number): boolean {
  let least = Number.POSITIVE_INFINITY;
  let greatest = 0;
  for (const weight of overlapWeights(window, hop)) {
    least = Math.min(least, weight);
    greatest = Math.max(greatest, weight);
  }
  return least >= MIN_OVERLAP_RATIO * greatest;
}

/** @throws ParameterError when {@link isInvertible} says no */
export function requireInvertible(window: ArrayLike<number>, hop: number): void {
  if (!isInvertible(window, hop)) {
    throw new ParameterError('overlap-add.gaps', { length: window.length, hop });
  }
}

export interface OverlapAdderOptions {
  /** Synthesis window; the frames are expected to have been analysed with the same one. */
  readonly window: ArrayLike<number>;
  /** Samples from frame to frame. */
  readonly hop: number;
  readonly channels: 1 | 2;
  /** Sample at which the first frame begins: −N/2 when frames are centred on frame·hop and all are added. */
  readonly start?: number;
  /** Samples before this one are dropped. Default: 0. */
  readonly from?: number;
}

/**
 * Streaming weighted overlap-add with least-squares normalisation (Griffin & Lim 1984, eq. 6):
 * x[n] = Σₘ w[n − mH]·yₘ[n − mH] / Σₘ w²[n − mH], the sums running over the frames that were really added, so that
 * the ends are exact too. Samples (at the ends only) whose Σw² is under {@link MIN_OVERLAP_RATIO} of the greatest
 * become 0. Holds one window's length of sound, and what has not been taken yet.
 *
 * @example
 * const adder = new OverlapAdder({ window, hop: 512, channels: 2, start: -512 });
 * for (const frame of frames) adder.add(frame);
 * const [left, right] = adder.flush(totalSamples);
 */
export class OverlapAdder {
  readonly #window: Float64Array;
  readonly #hop: number;
  readonly #channels: 1 | 2;
  readonly #start: number;
  readonly #from: number;
  readonly #leastWeight: number;
  /** Sums of the samples that frames to come may still touch: a ring of the window's length, channels interleaved. */
  readonly #sums: Float64Array;
  /** Where in the ring the next frame begins, in samples. */
  #head = 0;
  /** 1/Σw² of the hop that frame m finishes, in row min(m, rows − 1): m + 1 windows overlap there at most. */
  readonly #reciprocals: readonly Float64Array[];
  #frames = 0;
  /** Finished samples not yet taken. */
  #ready: Float32Array[];
  #readyLength = 0;
  #position = 0;
  #flushed = false;

  /** @throws ParameterError when the window and the hop do not cover every sample */
  constructor({ window, hop, channels, start = 0, from = 0 }: OverlapAdderOptions) {
    if (!Number.isInteger(hop) || hop < 1) {
      throw new ParameterError('overlap-add.hop', { hop });
    }
    requireInvertible(window, hop);
    this.#window = Float64Array.from(window);
    this.#hop = hop;
    this.#channels = channels;
    this.#start = start;
    this.#from = from;
    this.#position = from;
    this.#leastWeight = MIN_OVERLAP_RATIO * overlapWeights(window, hop).reduce((a, b) => Math.max(a, b));
    this.#sums = new Float64Array(window.length * channels);
    const rows = Math.ceil(window.length / hop);
    this.#reciprocals = Array.from({ length: rows }, (_, row) => this.#reciprocalWeights(0, row));
    this.#ready = Array.from({ length: channels }, () => new Float32Array(0));
  }

  /** Sample at which the next {@link take} begins. */
  get position(): number {
    return this.#position;
  }

  /** Finished samples that {@link take} would return now. */
  get available(): number {
    return this.#readyLength;
  }

  /**
   * Adds the next frame, which is multiplied by the window here.
   *
   * @param frame pairs as fft.js has them: channel 0 at index 2n, channel 1 at 2n + 1
   * @param scale multiplies the frame, 1/N after an unscaled inverse transform
   * @param part which number of the pairs the only channel is read from
   * @throws ParameterError after {@link flush}
   */
  add(frame: ArrayLike<number>, scale = 1, part: 0 | 1 = 0): void {
    if (this.#flushed) {
      throw new ParameterError('overlap-add.flushed');
    }
    const length = this.#window.length;
    const toRingEnd = length - this.#head;
    this.#accumulate(frame, scale, part, 0, toRingEnd, this.#head);
    this.#accumulate(frame, scale, part, toRingEnd, length, 0);
    const row = Math.min(this.#frames, this.#reciprocals.length - 1);
    this.#finish(this.#hop, this.#start + this.#frames * this.#hop, this.#reciprocals[row]);
    this.#frames++;
  }

  /**
   * The samples finished since the last call, one array per channel, from {@link position} on; may be empty.
   *
   * @param totalSamples where the sound ends: the frames reach beyond it, and what they hold there is dropped
   */
  take(totalSamples = Number.POSITIVE_INFINITY): Float32Array<ArrayBuffer>[] {
    const length = Math.min(this.#readyLength, Math.max(0, totalSamples - this.#position));
    const taken = this.#ready.map((channel) => channel.slice(0, length) as Float32Array<ArrayBuffer>);
    this.#position += length;
    this.#readyLength = 0;
    return taken;
  }

  /**
   * Ends the sound: everything from {@link position} up to `totalSamples`.
   *
   * @throws ParameterError when the frames added do not reach `totalSamples`
   */
  flush(totalSamples: number): Float32Array<ArrayBuffer>[] {
    const length = this.#window.length;
    const hop = this.#hop;
    const next = this.#start + this.#frames * hop;
    if (this.#frames === 0 ? totalSamples > 0 : next + length - hop < totalSamples) {
      throw new ParameterError('overlap-add.short', { frames: this.#frames, samples: totalSamples });
    }
    if (!this.#flushed) {
      this.#flushed = true;
      // Beyond the last frame's hop fewer and fewer windows overlap: pieces `block` and later.
      for (let block = 1; block < this.#reciprocals.length; block++) {
        const oldest = Math.min(this.#frames - 1 + block, this.#reciprocals.length - 1);
        const offset = (block - 1) * hop;
        const count = Math.min(hop, length - hop - offset);
        this.#finish(count, next + offset, this.#reciprocalWeights(block, oldest));
      }
    }
    return this.take(totalSamples);
  }

  /** 1/Σw² over the window's pieces `first` to `last` of `hop` samples each; 0 where that is too little. */
  #reciprocalWeights(first: number, last: number): Float64Array {
    const weights = new Float64Array(this.#hop);
    for (let piece = first; piece <= last; piece++) {
      const offset = piece * this.#hop;
      const count = Math.min(this.#hop, this.#window.length - offset);
      for (let n = 0; n < count; n++) weights[n] += this.#window[offset + n] ** 2;
    }
    return weights.map((weight) => (weight >= this.#leastWeight ? 1 / weight : 0));
  }

  /** Window × frame for n in [from, to), into the ring from sample `at` on. */
  #accumulate(frame: ArrayLike<number>, scale: number, part: 0 | 1, from: number, to: number, at: number): void {
    const window = this.#window;
    const sums = this.#sums;
    if (this.#channels === 2) {
      for (let n = from, i = 2 * at; n < to; n++, i += 2) {
        const weight = window[n] * scale;
        sums[i] += weight * frame[2 * n];
        sums[i + 1] += weight * frame[2 * n + 1];
      }
    } else {
      for (let n = from, i = at; n < to; n++, i++) sums[i] += window[n] * scale * frame[2 * n + part];
    }
  }

  /** Normalises the `count` sums at the head, the samples from `position` on; makes them ready and moves the head. */
  #finish(count: number, position: number, reciprocals: Float64Array): void {
    this.#reserve(this.#readyLength + count);
    const channels = this.#channels;
    const sums = this.#sums;
    const first = Math.min(count, Math.max(0, this.#from - position));
    for (let channel = 0; channel < channels; channel++) {
      const ready = this.#ready[channel];
      let to = this.#readyLength;
      let index = this.#head * channels + channel;
      for (let n = 0; n < count; n++) {
        if (n >= first) ready[to++] = sums[index] * reciprocals[n];
        sums[index] = 0;
        index += channels;
        if (index >= sums.length) index -= sums.length;
      }
    }
    this.#readyLength += count - first;
    this.#head = (this.#head + count) % this.#window.length;
  }

  #reserve(length: number): void {
    if (length <= this.#ready[0].length) return;
    const capacity = Math.max(length, 2 * this.#ready[0].length, 4 * this.#hop);
    this.#ready = this.#ready.map((old) => {
      const grown = new Float32Array(capacity);
      grown.set(old);
      return grown;
    });
  }
}
