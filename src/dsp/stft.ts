import FFT from 'fft.js';
import { ParameterError } from '../core/errors.ts';
import { doubles } from './doubles.ts';
import { isInvertible, OverlapAdder } from './overlap-add.ts';
import { makeWindow, type WindowKind } from './window.ts';

/** Frames of one block of {@link Stft.inverseBlocks}, which is all that it holds in memory. */
export const MAX_BLOCK_FRAMES = 64;

export interface StftOptions {
  /** Points of the transform: a power of two, ≥ 2. */
  readonly fftSize: number;
  /** Samples of the window, 2 to fftSize, in the middle of the frame, as in librosa. Default: fftSize. */
  readonly windowLength?: number;
  /** Samples from frame to frame. */
  readonly hop: number;
  /** Default: hann. */
  readonly window?: WindowKind;
  /** true: frame m is centred on sample m·hop; false: it begins there. Default: true, as in librosa. */
  readonly centred?: boolean;
  /** Padding of centred frames before the first and after the last sample. Default: zero, as in librosa ≥ 0.10. */
  readonly padding?: 'zero' | 'reflect';
}

/** A complex spectrogram, frame by frame: index = frame × bins + bin. */
export interface Spectrogram {
  readonly frames: number;
  /** fftSize / 2 + 1: from 0 Hz to half the sampling rate. */
  readonly bins: number;
  readonly re: Float32Array;
  readonly im: Float32Array;
}

/**
 * Short-time Fourier transform, X[m, k] = Σₙ w[n]·x[n + mH − c]·e^(−2πikn/N) with c = N/2 when centred, else 0:
 * unscaled, one-sided, like `librosa.stft` and `scipy.signal.ShortTimeFFT` (phase_shift=None).
 *
 * It has librosa's frames, and one more if samples follow librosa's last frame (or the centre of it, when centred), so
 * that no sample is lost. Beyond the signal is padding. An empty signal has no frames.
 *
 * @example
 * const stft = new Stft({ fftSize: 1024, hop: 768 });
 * const spectrum = stft.forward(signal);
 * const same = stft.inverse(spectrum, signal.length);
 */
export class Stft {
  readonly fftSize: number;
  readonly hop: number;
  readonly bins: number;
  readonly centred: boolean;
  /** The window, `fftSize` values, with zeros around a shorter window. */
  readonly window: Float64Array;
  readonly #reflect: boolean;
  readonly #fft: FFT;
  readonly #time: number[];
  readonly #spectrum: number[];

  /** @throws ParameterError when a size is out of range */
  constructor(options: StftOptions) {
    const { fftSize, windowLength = fftSize, hop, window = 'hann', centred = true, padding = 'zero' } = options;
    if (!Number.isInteger(fftSize) || fftSize < 2 || (fftSize & (fftSize - 1)) !== 0) {
      throw new ParameterError('stft.fft-size', { fftSize });
    }
    if (!Number.isInteger(windowLength) || windowLength < 2 || windowLength > fftSize) {
      throw new ParameterError('stft.window', { windowLength, fftSize });
    }
    if (!Number.isInteger(hop) || hop < 1) {
      throw new ParameterError('stft.hop', { hop });
    }
    if (padding !== 'zero' && padding !== 'reflect') {
      throw new ParameterError('stft.padding', { padding });
    }
    this.fftSize = fftSize;
    this.hop = hop;
    this.bins = fftSize / 2 + 1;
    this.centred = centred;
    this.window = new Float64Array(fftSize);
    this.window.set(makeWindow(window, windowLength), Math.floor((fftSize - windowLength) / 2));
    this.#reflect = centred && padding === 'reflect';
    this.#fft = new FFT(fftSize);
    this.#time = doubles(2 * fftSize);
    this.#spectrum = doubles(2 * fftSize);
  }

  /** Whether {@link inverse} exists: windows `hop` apart cover every sample well enough. */
  get invertible(): boolean {
    return isInvertible(this.window, this.hop);
  }

  /** Frames of a signal of `samples` samples: ⌈(samples − 1) / hop⌉ + 1 when centred; 0 for an empty signal. */
  frameCount(samples: number): number {
    if (samples <= 0) return 0;
    const beyondFirst = this.centred ? samples - 1 : Math.max(0, samples - this.fftSize);
    return Math.ceil(beyondFirst / this.hop) + 1;
  }

  /** Transforms a whole mono signal of any length. */
  forward(signal: Float32Array): Spectrogram {
    return this.forwardFrames(signal, 0, this.frameCount(signal.length));
  }

  /** Transforms `frames` frames from frame `first` on. Frames beyond the signal contain only padding. */
  forwardFrames(signal: Float32Array, first: number, frames: number): Spectrogram {
    const { bins } = this;
    const re = new Float32Array(frames * bins);
    const im = new Float32Array(frames * bins);
    const spectrogram = { frames, bins, re, im };
    for (let frame = 0; frame < frames; frame++) this.forwardFrame(signal, first + frame, spectrogram, frame * bins);
    return spectrogram;
  }

  /** Writes one frame into `out`, `bins` values from index `offset` on. Allocates nothing. */
  forwardFrame(signal: Float32Array, frame: number, out: Pick<Spectrogram, 're' | 'im'>, offset = 0): void {
    const { re, im } = out;
    const spectrum = this.#transformFrame(signal, frame);
    for (let bin = 0; bin < this.bins; bin++) {
      re[offset + bin] = spectrum[2 * bin];
      im[offset + bin] = spectrum[2 * bin + 1];
    }
  }

  /** Writes the magnitudes of one frame into `out`, `bins` values from index `offset` on. Allocates nothing. */
  magnitudeFrame(signal: Float32Array, frame: number, out: Float32Array, offset = 0): void {
    const spectrum = this.#transformFrame(signal, frame);
    for (let bin = 0; bin < this.bins; bin++) {
      const re = spectrum[2 * bin];
      const im = spectrum[2 * bin + 1];
      out[offset + bin] = Math.sqrt(re * re + im * im);
    }
  }

  /**
   * The signal of `length` samples whose spectrum is closest in the least-squares sense: weighted overlap-add,
   * x[n] = Σₘ w[n − mH]·yₘ[n − mH] / Σₘ w²[n − mH] (Griffin & Lim 1984, eq. 6). The spectrum of a signal gives the
   * signal, to 1e-6. Samples that no frame covers are 0. When frames are not centred, the first and last samples are 0
   * where Σw² is under 1e-5 of its greatest value: at the edge of a Hann window single precision is not enough. Use
   * centred frames when every sample matters.
   *
   * @throws ParameterError when the hop leaves samples uncovered, or the spectrum has another number of bins
   */
  inverse(spectrogram: Spectrogram, length: number): Float32Array<ArrayBuffer> {
    const { frames, bins, re, im } = spectrogram;
    if (bins !== this.bins || re.length < frames * bins || im.length < frames * bins) {
      throw new ParameterError('stft.spectrum', { frames, bins, fftSize: this.fftSize, wanted: this.bins });
    }
    if (!Number.isInteger(length) || length < 0) {
      throw new ParameterError('stft.length', { length });
    }
    return this.inverseBlocks(frames, length, (first, count) => ({
      frames: count,
      bins,
      re: re.subarray(first * bins, (first + count) * bins),
      im: im.subarray(first * bins, (first + count) * bins),
    }));
  }

  /**
   * The inverse, as {@link inverse}, of a spectrum that is computed block by block.
   *
   * @param blockOf the frames `first` to `first + count − 1`; it may reuse its arrays
   * @throws ParameterError when the hop leaves samples uncovered
   */
  inverseBlocks(
    frames: number,
    length: number,
    blockOf: (first: number, count: number) => Spectrogram,
  ): Float32Array<ArrayBuffer> {
    const adder = this.overlapAdder();
    const signal = new Float32Array(length);
    const write = (position: number, piece: Float32Array) => {
      if (position < length) signal.set(piece.subarray(0, length - position), position);
    };
    for (let first = 0; first < frames; first += MAX_BLOCK_FRAMES) {
      const count = Math.min(MAX_BLOCK_FRAMES, frames - first);
      this.addInverse(adder, blockOf(first, count), 0, count);
      const { position } = adder;
      write(position, adder.take()[0]);
    }
    const end = frames > 0 ? Math.max(0, this.#firstSample(frames - 1) + this.fftSize) : 0;
    const { position } = adder;
    write(position, adder.flush(Math.min(length, end))[0]);
    return signal;
  }

  /**
   * Creates the adder for {@link addInverse}, from frame 0 on, to compute the inverse as a stream.
   *
   * @throws ParameterError when the hop leaves samples uncovered
   */
  overlapAdder(): OverlapAdder {
    return new OverlapAdder({ window: this.window, hop: this.hop, channels: 1, start: this.#firstSample(0) });
  }

  /** Adds frames `first` to `end` (excluded) of a spectrum, as the next frames, to an {@link overlapAdder}. */
  addInverse(adder: OverlapAdder, { bins, re, im }: Spectrogram, first: number, end: number): void {
    // Two frames at a time: the real and the imaginary part of one complex transform.
    for (let frame = first; frame < end; frame += 2) {
      const pair = frame + 1 < end;
      this.#inversePair(re, im, frame * bins, pair ? (frame + 1) * bins : -1);
      adder.add(this.#time, 1 / this.fftSize, 1);
      if (pair) adder.add(this.#time, 1 / this.fftSize, 0);
    }
  }

  #firstSample(frame: number): number {
    return frame * this.hop - (this.centred ? this.fftSize / 2 : 0);
  }

  /** Windows and transforms a frame. Bins 0 to N/2 of the result are valid until the next call. */
  #transformFrame(signal: Float32Array, frame: number): readonly number[] {
    const size = this.fftSize;
    const time = this.#time;
    const window = this.window;
    const first = this.#firstSample(frame);
    const samples = signal.length;
    if (first >= 0 && first + size <= samples) {
      for (let n = 0; n < size; n++) time[n] = signal[first + n] * window[n];
    } else {
      for (let n = 0; n < size; n++) time[n] = this.#padded(signal, first + n) * window[n];
    }
    this.#fft.realTransform(this.#spectrum, time);
    return this.#spectrum;
  }

  #padded(signal: Float32Array, index: number): number {
    const samples = signal.length;
    if (index >= 0 && index < samples) return signal[index];
    if (!this.#reflect || samples === 0) return 0;
    if (samples === 1) return signal[0];
    // Repeated mirroring at the first and the last sample: a triangle wave with this period.
    const period = 2 * (samples - 1);
    const folded = ((index % period) + period) % period;
    return signal[folded < samples ? folded : period - folded];
  }

  /**
   * Inverse transform of frame a, and of frame b as its imaginary part, into `#time`; unscaled. Exchanging real and
   * imaginary parts on both sides turns the forward transform into the inverse.
   */
  #inversePair(re: Float32Array, im: Float32Array, a: number, b: number): void {
    const half = this.fftSize / 2;
    const spectrum = this.#spectrum;
    for (let bin = 0; bin <= half; bin++) {
      // The spectrum of a real signal is real at 0 Hz and at half the rate.
      const real = bin === 0 || bin === half;
      const aRe = re[a + bin];
      const aIm = real ? 0 : im[a + bin];
      const bRe = b < 0 ? 0 : re[b + bin];
      const bIm = b < 0 || real ? 0 : im[b + bin];
      const low = 2 * bin;
      spectrum[low + 1] = aRe - bIm;
      spectrum[low] = aIm + bRe;
      if (real) continue;
      const high = 2 * (this.fftSize - bin);
      spectrum[high + 1] = aRe + bIm;
      spectrum[high] = bRe - aIm;
    }
    this.#fft.transform(this.#time, spectrum);
  }
}
