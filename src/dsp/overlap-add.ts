import { ParameterError } from '../core/errors.ts';

/**
 * The smallest ratio of the least to the greatest Σw² for which a short-time spectrum is inverted. Below it, rounding
 * errors of single precision, divided by √Σw², would grow by more than 300 and exceed 1e-6.
 */
export const MIN_OVERLAP_RATIO = 1e-5;

/**
 * Σ over frames of w² in the steady state, for one period of `hop` samples: the denominator of the least-squares
 * overlap-add (Griffin & Lim 1984, "Signal estimation from modified short-time Fourier transform", eq. 6).
 */
export function overlapWeights(window: ArrayLike<number>, hop: number): Float64Array {
  const weights = new Float64Array(hop);
  for (let n = 0; n < window.length; n++) weights[n % hop] += window[n] * window[n];
  return weights;
}

/** Whether windows `hop` apart cover every sample well enough for an inverse; see {@link MIN_OVERLAP_RATIO}. */
export function isInvertible(window: ArrayLike<number>, hop: number): boolean {
  let least = Number.POSITIVE_INFINITY;
  let greatest = 0;
  for (const weight of overlapWeights(window, hop)) {
    least = Math.min(least, weight);
    greatest = Math.max(greatest, weight);
  }
  return least >= MIN_OVERLAP_RATIO * greatest;
}

/** @throws ParameterError unless {@link isInvertible} */
export function requireInvertible(window: ArrayLike<number>, hop: number): void {
  if (!isInvertible(window, hop)) {
    throw new ParameterError('overlap-add.gaps', { length: window.length, hop });
  }
}

export interface OverlapAdderOptions {
  /** Synthesis window, the same as the analysis window of the frames. */
  readonly window: ArrayLike<number>;
  /** Samples from frame to frame. */
  readonly hop: number;
  readonly channels: 1 | 2;
  /** The first sample of the first frame: −N/2 when frames are centred on frame·hop and all are added. Default: 0. */
  readonly start?: number;
  /** Samples before this one are dropped. Default: 0. */
  readonly from?: number;
}

/**
 * Streaming weighted overlap-add with least-squares normalisation (Griffin & Lim 1984, eq. 6): x[n] = Σₘ w[n − mH]·yₘ[n
 * − mH] / Σₘ w²[n − mH]. The sums run over the frames that were added, so the ends are exact too. Samples whose Σw² is
 * under {@link MIN_OVERLAP_RATIO} of the greatest become 0; they occur only at the ends. Keeps one window's length of
 * sound in memory, and the samples that were not taken yet.
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
  readonly #minWeight: number;
  /** Sums of the samples that later frames may still change: a ring of the window's length, channels interleaved. */
  readonly #sums: Float64Array;
  /** The next frame's position in the ring, in samples. */
  #head = 0;
  /** Row min(m, rows − 1) holds 1/Σw² of the hop that frame m finishes, where up to m + 1 windows overlap. */
  readonly #reciprocals: readonly Float64Array[];
  #frames = 0;
  /** Finished samples not yet taken. */
  #ready: Float32Array[];
  #readyLength = 0;
  #position = 0;
  #flushed = false;

  /** @throws ParameterError when windows `hop` apart do not cover every sample */
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
    this.#minWeight = MIN_OVERLAP_RATIO * overlapWeights(window, hop).reduce((a, b) => Math.max(a, b));
    this.#sums = new Float64Array(window.length * channels);
    const rows = Math.ceil(window.length / hop);
    this.#reciprocals = Array.from({ length: rows }, (_, row) => this.#reciprocalWeights(0, row));
    this.#ready = Array.from({ length: channels }, () => new Float32Array(0));
  }

  /** The first sample of the next {@link take}. */
  get position(): number {
    return this.#position;
  }

  /** Samples that {@link take} would return now. */
  get available(): number {
    return this.#readyLength;
  }

  /**
   * Multiplies the next frame by the window and adds it.
   *
   * @param frame interleaved pairs, as in fft.js: channel 0 at index 2n, channel 1 at 2n + 1
   * @param scale factor of the frame: 1/N after an unscaled inverse transform
   * @param part with one channel: which number of each pair to read
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
   * Takes the samples finished since the last call, from {@link position} on; may be empty.
   *
   * @param totalSamples the sound's length; samples of the frames beyond it are dropped
   * @returns one array for each channel
   */
  take(totalSamples = Number.POSITIVE_INFINITY): Float32Array<ArrayBuffer>[] {
    const length = Math.min(this.#readyLength, Math.max(0, totalSamples - this.#position));
    const taken = this.#ready.map((channel) => channel.slice(0, length) as Float32Array<ArrayBuffer>);
    this.#position += length;
    this.#readyLength = 0;
    return taken;
  }

  /**
   * Ends the sound, and takes the samples from {@link position} to `totalSamples`.
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
      // After the last frame's hop fewer windows overlap: only their pieces `block` and later.
      for (let block = 1; block < this.#reciprocals.length; block++) {
        const oldest = Math.min(this.#frames - 1 + block, this.#reciprocals.length - 1);
        const offset = (block - 1) * hop;
        const count = Math.min(hop, length - hop - offset);
        this.#finish(count, next + offset, this.#reciprocalWeights(block, oldest));
      }
    }
    return this.take(totalSamples);
  }

  /** 1/Σw² over the window's pieces `first` to `last` of `hop` samples each; 0 where Σw² is too small. */
  #reciprocalWeights(first: number, last: number): Float64Array {
    const weights = new Float64Array(this.#hop);
    for (let piece = first; piece <= last; piece++) {
      const offset = piece * this.#hop;
      const count = Math.min(this.#hop, this.#window.length - offset);
      for (let n = 0; n < count; n++) weights[n] += this.#window[offset + n] ** 2;
    }
    return weights.map((weight) => (weight >= this.#minWeight ? 1 / weight : 0));
  }

  /** Adds window × frame for n in [from, to) to the ring from sample `at` on. */
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

  /** Normalises `count` sums at the head, which are the samples from `position` on, and moves the head. */
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
