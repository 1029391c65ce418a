import FFT from 'fft.js';
import { ParameterError } from '../core/errors.ts';
import { doubles } from './doubles.ts';
import { OverlapAdder } from './overlap-add.ts';
import { makeWindow } from './window.ts';

export interface StereoMaskFilterOptions {
  /** Points of the transform: a power of two, ≥ 4. */
  readonly fftSize: number;
  /** Samples from frame to frame, at most half of fftSize. */
  readonly hop: number;
  /** Analysis and synthesis window. Default: hann. */
  readonly window?: 'hann' | 'sine';
  readonly channels: 1 | 2;
  /** The first frame, to filter only the end of a sound; see {@link firstSampleOf}. Default: 0. */
  readonly firstFrame?: number;
}

/**
 * The first output sample of a filter that begins at `firstFrame`: no earlier frame contributes to it or later samples.
 */
export function firstSampleOf(firstFrame: number, fftSize: number, hop: number): number {
  return firstFrame === 0 ? 0 : (firstFrame - 1) * hop + fftSize / 2;
}

/** A part of a sound of `samples` samples: the arrays begin at sample `offset`. */
export interface SoundPart {
  readonly offset: number;
  readonly samples: number;
}

/**
 * Applies masks that change from frame to frame to mono or stereo sound, as a stream: STFT, mask × spectrum with the
 * mixture's phase, inverse STFT. A mask of ones returns the input. Stereo sound takes one mask for both channels, or
 * one for each.
 *
 * Two channels share one complex transform, as right + i·left. Its spectrum Z gives R(k) = (Z(k) + Z*(N − k)) / 2 and
 * L(k) = (Z(k) − Z*(N − k)) / 2i. The masks r and l give r·R + i·l·L = s·Z(k) + d·Z*(N − k), with s = (r + l) / 2 and
 * d = (r − l) / 2.
 *
 * @example
 * const filter = new StereoMaskFilter({ fftSize: 4096, hop: 2048, channels: 2 });
 * for (let frame = 0; frame < filter.frameCount(samples); frame++) {
 *   filter.process([left, right], frame, mask);
 *   const [newLeft, newRight] = filter.take();
 * }
 * const [lastLeft, lastRight] = filter.flush(samples);
 */
export class StereoMaskFilter {
  readonly fftSize: number;
  readonly hop: number;
  /** fftSize / 2 + 1: the length of a mask. */
  readonly bins: number;
  readonly channels: 1 | 2;
  readonly #window: Float64Array;
  readonly #fft: FFT;
  readonly #time: number[];
  readonly #spectrum: number[];
  readonly #adder: OverlapAdder;
  #nextFrame: number;
  #totalSamples = 0;

  /** @throws ParameterError when a size is out of range */
  constructor({ fftSize, hop, window = 'hann', channels, firstFrame = 0 }: StereoMaskFilterOptions) {
    if (!Number.isInteger(fftSize) || fftSize < 4 || (fftSize & (fftSize - 1)) !== 0) {
      throw new ParameterError('stft.fft-size', { fftSize });
    }
    if (!Number.isInteger(hop) || hop < 1 || hop > fftSize / 2) {
      throw new ParameterError('filter.hop', { hop, fftSize });
    }
    if (channels !== 1 && channels !== 2) {
      throw new ParameterError('filter.channel-count', { channels });
    }
    this.fftSize = fftSize;
    this.hop = hop;
    this.bins = fftSize / 2 + 1;
    this.channels = channels;
    this.#window = makeWindow(window, fftSize);
    this.#fft = new FFT(fftSize);
    this.#time = doubles(2 * fftSize);
    this.#spectrum = doubles(2 * fftSize);
    this.#nextFrame = firstFrame;
    const start = firstFrame * hop - fftSize / 2;
    const from = firstSampleOf(firstFrame, fftSize, hop);
    this.#adder = new OverlapAdder({ window: this.#window, hop, channels, start, from });
  }

  /** The first sample of the next {@link take}. */
  get position(): number {
    return this.#adder.position;
  }

  /** Frames that cover `samples`. Frame m is centred on sample m·hop, the last one at or after the last sample. */
  frameCount(samples: number): number {
    return samples > 0 ? Math.ceil((samples - 1) / this.hop) + 1 : 0;
  }

  /**
   * Filters the next frame: {@link analyse}, then {@link apply}. Allocates memory only for finished samples.
   *
   * @param channels the whole sound, one array for each channel
   * @param frame the frame's number; frames come in order, from `firstFrame`, without a gap
   * @param mask fftSize / 2 + 1 values ≥ 0, from 0 Hz to half the sampling rate
   * @param right the mask of the right channel. Default: `mask`
   * @throws ParameterError for a frame out of order, or a mask or sound of another shape
   */
  process(channels: readonly Float32Array[], frame: number, mask: Float32Array, right = mask): void {
    this.#requireMask(mask);
    this.#requireMask(right);
    this.analyse(channels, frame);
    this.apply(mask, right);
  }

  /**
   * Transforms the next frame. One {@link apply} must follow.
   *
   * @param part set when the arrays hold only a part of the sound, which must cover the frame
   * @throws ParameterError for a frame out of order, or a sound of another shape
   */
  analyse(channels: readonly Float32Array[], frame: number, part?: SoundPart): void {
    if (frame !== this.#nextFrame) {
      throw new ParameterError('filter.order', { frame, due: this.#nextFrame });
    }
    if (channels.length !== this.channels) {
      throw new ParameterError('filter.channels', { given: channels.length, wanted: this.channels });
    }
    if (this.channels === 2 && channels[0].length !== channels[1].length) {
      throw new ParameterError('filter.lengths');
    }
    this.#nextFrame++;
    this.#totalSamples = part?.samples ?? channels[0].length;
    this.#windowFrame(channels, frame * this.hop - this.fftSize / 2 - (part?.offset ?? 0));
    if (this.channels === 2) this.#fft.transform(this.#spectrum, this.#time);
    else this.#fft.realTransform(this.#spectrum, this.#time);
  }

  /** Writes the power of the analysed frame, summed over the channels: Σ|X|², `bins` values. Call it before `apply`. */
  power(out: Float32Array): void {
    const spectrum = this.#spectrum;
    // |Z(k)|² + |Z(N − k)|² of Z = R + iL is 2·(|L|² + |R|²); of one channel fft.js gives X(k) only.
    for (let bin = 0; bin < this.bins; bin++) {
      const low = 2 * bin;
      out[bin] = spectrum[low] ** 2 + spectrum[low + 1] ** 2;
      if (this.channels === 1) continue;
      const high = bin === 0 ? 0 : 2 * (this.fftSize - bin);
      out[bin] = 0.5 * (out[bin] + spectrum[high] ** 2 + spectrum[high + 1] ** 2);
    }
  }

  /**
   * Multiplies the analysed frame by a mask and adds it to the output.
   *
   * @param right the mask of the right channel. Default: `mask`
   * @throws ParameterError for a mask of another length
   */
  apply(mask: Float32Array, right = mask): void {
    this.#requireMask(mask);
    this.#requireMask(right);
    if (this.channels === 2) this.#maskPacked(mask, right);
    else this.#maskReal(mask);
    // With exchanged parts, or the conjugate, the forward transform is the unscaled inverse transform.
    this.#fft.transform(this.#time, this.#spectrum);
    this.#adder.add(this.#time, 1 / this.fftSize);
  }

  /**
   * Takes the samples finished since the last call, one array for each channel, from {@link position} to the sound's
   * end.
   */
  take(): Float32Array<ArrayBuffer>[] {
    return this.#adder.take(this.#totalSamples);
  }

  /**
   * Takes the remaining samples, up to `totalSamples`, after the last frame.
   *
   * @throws ParameterError when frames are missing
   */
  flush(totalSamples: number): Float32Array<ArrayBuffer>[] {
    const missing = this.frameCount(totalSamples) - this.#nextFrame;
    if (missing > 0) {
      throw new ParameterError('filter.missing-frames', { missing, samples: totalSamples });
    }
    return this.#adder.flush(totalSamples);
  }

  #requireMask(mask: Float32Array): void {
    if (mask.length === this.bins) return;
    throw new ParameterError('filter.mask', { given: mask.length, wanted: this.bins });
  }

  /** Windows samples from `first` on, with zeros outside the sound: right + i·left, or one channel as real numbers. */
  #windowFrame(channels: readonly Float32Array[], first: number): void {
    const size = this.fftSize;
    const time = this.#time;
    const window = this.#window;
    const left = channels[0];
    const from = Math.min(size, Math.max(0, -first));
    const to = Math.max(from, Math.min(size, left.length - first));
    if (this.channels === 2) {
      const right = channels[1];
      for (let i = 0; i < 2 * from; i++) time[i] = 0;
      for (let n = from, i = 2 * from; n < to; n++, i += 2) {
        time[i] = right[first + n] * window[n];
        time[i + 1] = left[first + n] * window[n];
      }
      for (let i = 2 * to; i < 2 * size; i++) time[i] = 0;
    } else {
      for (let n = 0; n < from; n++) time[n] = 0;
      for (let n = from; n < to; n++) time[n] = left[first + n] * window[n];
      for (let n = to; n < size; n++) time[n] = 0;
    }
  }

  /** Multiplies the spectrum at k and N − k by the masks, and exchanges real and imaginary parts. */
  #maskPacked(left: Float32Array, right: Float32Array): void {
    const half = this.fftSize / 2;
    const spectrum = this.#spectrum;
    for (let bin = 0; bin <= half; bin += half) {
      const re = spectrum[2 * bin];
      spectrum[2 * bin] = spectrum[2 * bin + 1] * left[bin];
      spectrum[2 * bin + 1] = re * right[bin];
    }
    for (let bin = 1, low = 2, high = 4 * half - 2; bin < half; bin++, low += 2, high -= 2) {
      const sum = 0.5 * (right[bin] + left[bin]);
      const difference = 0.5 * (right[bin] - left[bin]);
      const lowRe = spectrum[low];
      const lowIm = spectrum[low + 1];
      const highRe = spectrum[high];
      const highIm = spectrum[high + 1];
      spectrum[low] = sum * lowIm - difference * highIm;
      spectrum[low + 1] = sum * lowRe + difference * highRe;
      spectrum[high] = sum * highIm - difference * lowIm;
      spectrum[high + 1] = sum * highRe + difference * lowRe;
    }
  }

  /**
   * One channel, whose spectrum fft.js gives up to N/2: masks it and makes its conjugate, whose transform is N·signal.
   */
  #maskReal(mask: Float32Array): void {
    const half = this.fftSize / 2;
    const spectrum = this.#spectrum;
    for (let bin = 0; bin <= half; bin += half) {
      spectrum[2 * bin] *= mask[bin];
      spectrum[2 * bin + 1] = 0;
    }
    for (let bin = 1, low = 2, high = 4 * half - 2; bin < half; bin++, low += 2, high -= 2) {
      const re = spectrum[low] * mask[bin];
      const im = spectrum[low + 1] * mask[bin];
      spectrum[low] = re;
      spectrum[low + 1] = -im;
      spectrum[high] = re;
      spectrum[high + 1] = im;
    }
  }
}
