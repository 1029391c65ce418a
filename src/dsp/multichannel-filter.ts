import FFT from 'fft.js';
import { ParameterError } from '../errors.ts';
import { doubles } from './doubles.ts';
import { OverlapAdder } from './overlap-add.ts';
import { firstSampleOf, type SoundPart } from './stereo-filter.ts';
import { type StereoSpectra, stereoSpectra, tangle, untangle, windowStereo } from './stereo-spectrum.ts';
import { refineByWiener } from './wiener.ts';
import { makeWindow } from './window.ts';

export interface MultichannelFilterOptions {
  /** Points of the transform: a power of two, ≥ 4. */
  readonly fftSize: number;
  /** Samples from frame to frame, at most half the FFT size. */
  readonly hop: number;
  /** What two masks belong to. Default: left and right. */
  readonly masksOf?: 'left-right' | 'mid-side';
  /** Rounds of the multichannel Wiener filter after the masks; 0: none. */
  readonly iterations: number;
  /** Frames over which the Wiener filter takes the sources to stand still, ≥ 1. */
  readonly windowFrames: number;
  /** The frame that it begins with, see StereoMaskFilter; with a Wiener filter, where one of its windows does. Default: 0. */
  readonly firstFrame?: number;
}

/** Floor of the Wiener filter's model below a full-scale sine, as a ratio of powers: 1.5e-8 where that has 10², as in norbert. */
const FLOOR = Math.sqrt(Number.EPSILON) / 100;

/**
 * Applies masks that differ from channel to channel to stereo sound, and the multichannel Wiener filter after them, as a
 * stream: frames are kept until a window of them is full, refined together, and given out. The windows are counted from
 * the first frame, so it does not matter when the sound is taken. Sine window.
 *
 * @example
 * const filter = new MultichannelFilter({ fftSize: 4096, hop: 2048, iterations: 1, windowFrames: 100 });
 * for (let frame = 0; frame < frames; frame++) {
 *   filter.analyse([left, right], frame);
 *   filter.apply(mask);
 *   const [newLeft, newRight] = filter.take();
 * }
 * const [lastLeft, lastRight] = filter.flush(samples);
 */
export class MultichannelFilter {
  readonly fftSize: number;
  readonly hop: number;
  readonly bins: number;
  readonly #options: MultichannelFilterOptions;
  readonly #window: Float64Array;
  readonly #fft: FFT;
  readonly #time: number[];
  readonly #packed: number[];
  readonly #adder: OverlapAdder;
  readonly #mixture: StereoSpectra;
  readonly #vocals: StereoSpectra;
  readonly #regularisation: number;
  #frame: number;
  /** Frames of the window that are analysed and masked. */
  #held = 0;
  #totalSamples = 0;

  /** @throws ParameterError for sizes that make no filter */
  constructor(options: MultichannelFilterOptions) {
    const { fftSize, hop, iterations, windowFrames, firstFrame = 0 } = options;
    if (!Number.isInteger(fftSize) || fftSize < 4 || (fftSize & (fftSize - 1)) !== 0 || !(hop <= fftSize / 2)) {
      throw new ParameterError(
        `An FFT of ${fftSize} with a hop of ${hop} makes no filter.`,
        'Use a power of two, and half of it.',
      );
    }
    if (iterations > 0 && firstFrame % windowFrames !== 0) {
      throw new ParameterError(
        `No window begins with frame ${firstFrame}.`,
        `Begin with a multiple of ${windowFrames}.`,
      );
    }
    if (!(iterations >= 0) || !(Number.isInteger(windowFrames) && windowFrames >= 1)) {
      throw new ParameterError(
        `${iterations} rounds over ${windowFrames} frames make no filter.`,
        'Give 0 rounds or more, and a frame or more.',
      );
    }
    this.#options = options;
    this.fftSize = fftSize;
    this.hop = hop;
    this.bins = fftSize / 2 + 1;
    this.#window = makeWindow('sine', fftSize);
    this.#fft = new FFT(fftSize);
    this.#time = doubles(2 * fftSize);
    this.#packed = doubles(2 * fftSize);
    this.#frame = firstFrame - 1;
    const start = firstFrame * hop - fftSize / 2;
    const from = firstSampleOf(firstFrame, fftSize, hop);
    this.#adder = new OverlapAdder({ window: this.#window, hop, channels: 2, start, from });
    const values = (iterations > 0 ? windowFrames : 1) * this.bins;
    this.#mixture = stereoSpectra(values);
    this.#vocals = stereoSpectra(values);
    const fullScale = this.#window.reduce((sum, value) => sum + value, 0) / 2;
    this.#regularisation = FLOOR * fullScale * fullScale;
  }

  /** Sample at which the next {@link take} begins. */
  get position(): number {
    return this.#adder.position;
  }

  /** Frames that cover so many samples; see StereoMaskFilter. */
  frameCount(samples: number): number {
    return samples > 0 ? Math.ceil((samples - 1) / this.hop) + 1 : 0;
  }

  /**
   * Transforms the next frame of the whole sound.
   *
   * @param part where the arrays hold only a part of the sound: all of it that the frame has a share in
   * @throws ParameterError for a frame out of order, or a sound that is not stereo
   */
  analyse([left, right]: readonly Float32Array[], frame: number, part?: SoundPart): void {
    if (frame !== this.#frame + 1 || left?.length !== right?.length) {
      throw new ParameterError(
        `Frame ${frame} came where frame ${this.#frame + 1} of two channels of one length was due.`,
        'Give every frame of the stereo sound once, in order.',
      );
    }
    this.#frame = frame;
    this.#totalSamples = part?.samples ?? left.length;
    const first = frame * this.hop - this.fftSize / 2 - (part?.offset ?? 0);
    windowStereo(left, right, first, this.#window, this.#time);
    this.#fft.transform(this.#packed, this.#time);
    untangle(this.#packed, this.fftSize, this.#mixture, this.#held * this.bins);
  }

  /** |left|² + |right|² of the frame analysed last, `bins` values. */
  power(out: Float32Array): void {
    const { leftRe, leftIm, rightRe, rightIm } = this.#mixture;
    for (let bin = 0, i = this.#held * this.bins; bin < this.bins; bin++, i++) {
      out[bin] = leftRe[i] ** 2 + leftIm[i] ** 2 + rightRe[i] ** 2 + rightIm[i] ** 2;
    }
  }

  /** Masks the frame analysed last: by one mask, or by two, the second for right or side. `bins` values each. */
  apply(mask: Float32Array, second: Float32Array = mask): void {
    const midSide = this.#options.masksOf === 'mid-side';
    const { leftRe, leftIm, rightRe, rightIm } = this.#mixture;
    const vocals = this.#vocals;
    for (let bin = 0, i = this.#held * this.bins; bin < this.bins; bin++, i++) {
      // mid·(L + R)/2 ± side·(L − R)/2
      const own = midSide ? 0.5 * (mask[bin] + second[bin]) : 0;
      const other = midSide ? 0.5 * (mask[bin] - second[bin]) : 0;
      const left = midSide ? own : mask[bin];
      const right = midSide ? own : second[bin];
      vocals.leftRe[i] = left * leftRe[i] + other * rightRe[i];
      vocals.leftIm[i] = left * leftIm[i] + other * rightIm[i];
      vocals.rightRe[i] = right * rightRe[i] + other * leftRe[i];
      vocals.rightIm[i] = right * rightIm[i] + other * leftIm[i];
    }
    this.#held++;
    if (this.#held * this.bins === vocals.leftRe.length) this.#finishWindow();
  }

  /** The samples finished since the last call, from {@link position} on. */
  take(): Float32Array<ArrayBuffer>[] {
    return this.#adder.take(this.#totalSamples);
  }

  /** The rest, up to `totalSamples`, after the last frame. @throws ParameterError when frames are missing */
  flush(totalSamples: number): Float32Array<ArrayBuffer>[] {
    const missing = this.frameCount(totalSamples) - this.#frame - 1;
    if (missing > 0) {
      throw new ParameterError(`The last ${missing} frames are missing.`, 'Filter every frame before the end.');
    }
    if (this.#held > 0) this.#finishWindow();
    return this.#adder.flush(totalSamples);
  }

  #finishWindow(): void {
    const { iterations } = this.#options;
    if (iterations > 0) {
      const regularisation = this.#regularisation;
      refineByWiener(this.#mixture, this.#vocals, this.#held, this.bins, { iterations, regularisation });
    }
    for (let frame = 0; frame < this.#held; frame++) {
      tangle(this.#vocals, frame * this.bins, this.fftSize, this.#packed);
      this.#fft.transform(this.#time, this.#packed);
      this.#adder.add(this.#time, 1 / this.fftSize);
    }
    this.#held = 0;
  }
}
