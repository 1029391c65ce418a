import type { PcmSource } from '../audio/pcm-source.ts';
import { HighBandGains } from '../dsp/high-band.ts';
import { MaskInterpolator } from '../dsp/interpolate-mask.ts';
import { firstSampleOf, StereoMaskFilter } from '../dsp/stereo-filter.ts';
import type { ModelManifest } from '../model/manifest.ts';
import { joinFrames } from './join-frames.ts';
import type { SpectrogramScale } from './types.ts';

/** How a song's stems are filtered, and where a filter begins whose mask begins with frame `firstFrame`. */
function filterPlan({ sampleRate }: PcmSource, manifest: ModelManifest, scale: SpectrogramScale, firstFrame: number) {
  const fftSize = filterSize(sampleRate, manifest);
  const hop = fftSize / 2;
  return { fftSize, hop, firstFrame: Math.ceil((firstFrame * scale.frameSeconds * sampleRate) / hop - 1e-9) };
}

/** The first sample that a stem maker can give whose masks begin with frame `maskFrame`. */
export function firstStemSample(
  song: PcmSource,
  manifest: ModelManifest,
  scale: SpectrogramScale,
  maskFrame: number,
): number {
  const { fftSize, hop, firstFrame } = filterPlan(song, manifest, scale, maskFrame);
  return firstSampleOf(firstFrame, fftSize, hop);
}

/** How many masks the stems of a song are made with: one for both channels, or one for each. */
export function maskCount({ channelCount }: Pick<PcmSource, 'channelCount'>, { channels }: ModelManifest): 1 | 2 {
  return channelCount === 2 ? channels : 1;
}

/**
 * Turns final mask frames into final samples of both stems, at the song's rate, in all its channels: of the whole song,
 * or from a later mask frame on.
 */
export class StemMaker {
  readonly #song: PcmSource;
  readonly #filter: StereoMaskFilter;
  readonly #interpolator: MaskInterpolator;
  readonly #highBand: HighBandGains | undefined;
  /** One mask of the filter's bins for both channels, or one for each. */
  readonly #rows: readonly Float32Array[];
  readonly #power: Float32Array;
  readonly #bins: number;
  readonly #frameSeconds: number;
  /** The last mask frame of the piece before, between which and the first of this one the mask is interpolated. */
  #lastFrames: readonly Float32Array[] | undefined;
  #frame: number;

  /** @param maskFrame the first mask frame that will be given */
  constructor(song: PcmSource, manifest: ModelManifest, scale: SpectrogramScale, maskFrame = 0) {
    const { fftSize, hop, firstFrame } = filterPlan(song, manifest, scale, maskFrame);
    const { sampleRate } = song;
    this.#frame = firstFrame;
    this.#song = song;
    const channels = song.channelCount === 2 ? 2 : 1;
    this.#filter = new StereoMaskFilter({ fftSize, hop, window: 'sine', channels, firstFrame });
    const { highBand } = manifest;
    this.#interpolator = new MaskInterpolator({ grid: scale, fftSize, sampleRate, highBand });
    const topHz = scale.firstBinHz + (scale.bins - 1) * scale.binHz;
    if (highBand.rule === 'learnt' && sampleRate / 2 > topHz + scale.binHz) {
      this.#highBand = new HighBandGains(highBand, { fftSize, sampleRate, topHz });
    }
    this.#rows = Array.from({ length: maskCount(song, manifest) }, () => new Float32Array(this.#filter.bins));
    this.#power = new Float32Array(this.#filter.bins);
    this.#bins = scale.bins;
    this.#frameSeconds = scale.frameSeconds;
  }

  /** First sample that is not final yet. */
  get position(): number {
    return Math.min(this.#filter.position, this.#song.samples);
  }

  /**
   * @param masks the next final frames of each mask
   * @param firstFrame the number of their first
   */
  async make(
    masks: readonly Float32Array[],
    firstFrame: number,
    last: boolean,
  ): Promise<{ vocals: Float32Array[]; accompaniment: Float32Array[] }> {
    const { sampleRate, samples } = this.#song;
    const before = this.#lastFrames;
    const known = before ? masks.map((mask, n) => joinFrames([before[n], mask])) : masks;
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
      this.#rows.forEach((row, n) => {
        this.#interpolator.at(known[n], frames, seconds, row, first);
        this.#highBand?.fill(row, this.#power);
      });
      filter.apply(this.#rows[0], this.#rows[1]);
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
