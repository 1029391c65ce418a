import type { PcmSource } from '../audio/pcm-source.ts';
import { HighBandGains } from '../dsp/high-band.ts';
import { MaskInterpolator } from '../dsp/interpolate-mask.ts';
import { MultichannelFilter } from '../dsp/multichannel-filter.ts';
import { firstSampleOf, StereoMaskFilter } from '../dsp/stereo-filter.ts';
import type { ModelManifest } from '../model/manifest.ts';
import { joinFrames } from './join-frames.ts';
import type { ChannelRun, PictureScale } from './types.ts';

/** Seconds over which the Wiener filter takes the sources' places in the stereo image to stay. */
const WIENER_SECONDS = 5;

export interface StemMakerOptions {
  readonly channels: ChannelRun;
  readonly wiener: number;
  /** The first mask frame that will be given. Default: 0. */
  readonly firstFrame?: number;
}

/** How a song's stems are filtered, and where a filter begins whose mask begins with `firstFrame`. */
function filterPlan(song: PcmSource, manifest: ModelManifest, scale: PictureScale, options: StemMakerOptions) {
  const { sampleRate } = song;
  const fftSize = filterSize(sampleRate, manifest);
  const hop = fftSize / 2;
  const windowFrames = Math.max(1, Math.round((WIENER_SECONDS * sampleRate) / hop));
  const reached = Math.ceil(((options.firstFrame ?? 0) * scale.frameSeconds * sampleRate) / hop - 1e-9);
  // Wiener's windows stay where they are in the whole song, so that the stems are the same.
  const step = options.wiener > 0 && song.channelCount === 2 ? windowFrames : 1;
  const firstFrame = Math.ceil(reached / step) * step;
  return { fftSize, hop, windowFrames, firstFrame };
}

/** The first sample that a stem maker with these options can give. */
export function firstStemSample(
  song: PcmSource,
  manifest: ModelManifest,
  scale: PictureScale,
  options: StemMakerOptions,
): number {
  const { fftSize, hop, firstFrame } = filterPlan(song, manifest, scale, options);
  return firstSampleOf(firstFrame, fftSize, hop);
}

/**
 * Turns final mask frames into final samples of both stems, at the song's rate, in all its channels: of the whole song,
 * or from a later mask frame on.
 */
export class StemMaker {
  readonly #song: PcmSource;
  readonly #filter: StereoMaskFilter | MultichannelFilter;
  readonly #interpolator: MaskInterpolator;
  readonly #highBand: HighBandGains | undefined;
  /** One mask of the filter's bins for each run of the network. */
  readonly #rows: readonly Float32Array[];
  readonly #power: Float32Array;
  readonly #bins: number;
  readonly #frameSeconds: number;
  /** The last mask frame of the piece before, between which and the first of this one the mask is interpolated. */
  #lastFrames: readonly Float32Array[] | undefined;
  #frame: number;

  constructor(song: PcmSource, manifest: ModelManifest, scale: PictureScale, options: StemMakerOptions) {
    const { channels, wiener } = options;
    const { fftSize, hop, windowFrames, firstFrame } = filterPlan(song, manifest, scale, options);
    const { sampleRate } = song;
    this.#frame = firstFrame;
    this.#song = song;
    this.#filter =
      song.channelCount === 2 && (wiener > 0 || channels !== 'mean')
        ? new MultichannelFilter({
            fftSize,
            hop,
            masksOf: channels === 'mid-side' ? 'mid-side' : 'left-right',
            iterations: wiener,
            windowFrames,
            firstFrame,
          })
        : new StereoMaskFilter({ fftSize, hop, window: 'sine', channels: song.channelCount === 2 ? 2 : 1, firstFrame });
    const { highBand } = manifest;
    this.#interpolator = new MaskInterpolator({ grid: scale, fftSize, sampleRate, highBand });
    const topHz = scale.firstBinHz + (scale.bins - 1) * scale.binHz;
    if (highBand.rule === 'learnt' && sampleRate / 2 > topHz + scale.binHz) {
      this.#highBand = new HighBandGains(highBand, { fftSize, sampleRate, topHz });
    }
    const runs = channels === 'mean' ? 1 : 2;
    this.#rows = Array.from({ length: runs }, () => new Float32Array(this.#filter.bins));
    this.#power = new Float32Array(this.#filter.bins);
    this.#bins = scale.bins;
    this.#frameSeconds = scale.frameSeconds;
  }

  /** First sample that is not final yet. */
  get position(): number {
    return Math.min(this.#filter.position, this.#song.samples);
  }

  /**
   * @param masks the next final frames of each run's mask
   * @param firstFrame the number of their first
   */
  async make(
    masks: readonly Float32Array[],
    firstFrame: number,
    last: boolean,
  ): Promise<{ vocals: Float32Array[]; accompaniment: Float32Array[] }> {
    const { sampleRate, samples } = this.#song;
    const before = this.#lastFrames;
    const known = before ? masks.map((mask, run) => joinFrames([before[run], mask])) : masks;
    const first = before ? firstFrame - 1 : firstFrame;
    const frames = known[0].length / this.#bins;
    const end = (first + frames - 1) * this.#frameSeconds;
    const filter = this.#filter;
    const all = filter.frameCount(samples);
    const reached = Math.floor((end * sampleRate) / filter.hop + 1e-9) + 1;
    const lastFrame = last ? all : Math.max(this.#frame, Math.min(all, reached));
    // From the first sample that is not final, or that the first frame begins with, to the last frame's end.
    const from = Math.min(this.position, Math.max(0, this.#frame * filter.hop - filter.fftSize / 2));
    const given = this.position - from;
    const to = lastFrame === all ? samples : Math.max(from, (lastFrame - 1) * filter.hop + filter.fftSize / 2);
    const channels = await this.#song.read(from, to);
    const part = { offset: from, samples };
    for (; this.#frame < lastFrame; this.#frame++) {
      const seconds = (this.#frame * filter.hop) / sampleRate;
      filter.analyse(channels, this.#frame, part);
      if (this.#highBand) filter.power(this.#power);
      this.#rows.forEach((row, run) => {
        this.#interpolator.at(known[run], frames, seconds, row, first);
        this.#highBand?.fill(row, this.#power);
      });
      if (filter instanceof MultichannelFilter) filter.apply(this.#rows[0], this.#rows[1]);
      else filter.apply(this.#rows[0]);
    }
    this.#lastFrames = known.map((mask) => mask.slice(mask.length - this.#bins));
    const vocals = last ? filter.flush(samples) : filter.take();
    const accompaniment = vocals.map((stem, channel) => {
      const original = channels[channel];
      const rest = new Float32Array(stem.length);
      for (let i = 0; i < rest.length; i++) rest[i] = original[given + i] - stem[i];
      return rest;
    });
    return { vocals, accompaniment };
  }
}

/** The power of two whose window at the song's rate lasts about as long as the model's does at its own. */
export function filterSize(
  sampleRate: number,
  { stft, sampleRate: modelRate }: Pick<ModelManifest, 'stft' | 'sampleRate'>,
): number {
  // Rounded down a little: a shorter window smears plosives and drums less, at half the cost.
  return Math.max(64, 2 ** Math.round(Math.log2((stft.windowLength / modelRate) * sampleRate) - 0.1));
}
