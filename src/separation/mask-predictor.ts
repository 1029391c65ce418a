import { toMono } from '../audio/mixdown.ts';
import { pcmSource, type Song } from '../audio/pcm-source.ts';
import type { ModelManifest } from '../model/manifest.ts';
import type { Predictor } from '../model/predictor.ts';
import { type ChannelSelector, framesOf, MixtureFrames } from './mixture-frames.ts';
import { firstFrameOf, MaskJoiner, type PatchGrid, patchGrid } from './patch-grid.ts';

export interface MaskPredictorOptions {
  readonly overlap: number;
  /** What the song's magnitudes are divided by, for models that want it: see song-divisor.ts. */
  readonly divisor: number | undefined;
  /** The patch that it begins with. Default: 0. */
  readonly firstPatch?: number;
}

/** What became final with one patch: frame by frame, from patch × advance on. */
export interface MaskPiece {
  /** Masks of the vocals, in [0, 1]. */
  readonly masks: Float32Array;
  /** Linear magnitudes that the network ran on; at least as many frames. */
  readonly magnitudes: Float32Array;
}

const left: ChannelSelector = (piece) => piece.channels[0];
const right: ChannelSelector = (piece) => piece.channels[1];

/**
 * What each channel of a model is given of a song: a model of one channel the mean of the song's channels; a model of two
 * the left and the right one, or a mono song twice.
 */
export function channelSelectors(
  songChannels: number,
  { channels }: Pick<ModelManifest, 'channels'>,
): readonly ChannelSelector[] {
  if (channels === 1) return [toMono];
  return songChannels === 2 ? [left, right] : [toMono, toMono];
}

/**
 * One run of the network over a song, or over a segment of it: overlapping patches in order, their masks joined in time.
 * Where it does not begin with the song, the first `lead` frames lack what the patches before have to say, and are not given.
 */
export class MaskPredictor {
  readonly grid: PatchGrid;
  /** Frames of the whole song. */
  readonly frames: number;
  readonly #model: Predictor;
  /** What the network runs on, channel by channel. */
  readonly #mixtures: readonly MixtureFrames[];
  readonly #options: MaskPredictorOptions;
  readonly #joiners: readonly MaskJoiner[];
  /** Each channel's last patch: the next one begins with frames of it. */
  readonly #carried: readonly Float32Array[];
  readonly #firstPatch: number;
  #next: number;

  /** @param selectors what the network runs on, as many as it has channels: see `channelSelectors` */
  static async open(
    song: Song,
    model: Predictor,
    selectors: readonly ChannelSelector[],
    options: MaskPredictorOptions,
  ): Promise<MaskPredictor> {
    const { manifest } = model;
    const grid = patchGrid(framesOf(pcmSource(song), manifest), manifest.patch.frames, options.overlap);
    const firstFrame = firstFrameOf(grid, options.firstPatch ?? 0);
    const mixtures: MixtureFrames[] = [];
    for (const [c, selector] of selectors.entries()) {
      // Of a mono song both channels are the same: it is transformed once.
      const same = selectors.indexOf(selector);
      mixtures.push(same < c ? mixtures[same] : await MixtureFrames.open(song, manifest, selector, firstFrame));
    }
    return new MaskPredictor(model, mixtures, grid, options);
  }

  private constructor(
    model: Predictor,
    mixtures: readonly MixtureFrames[],
    grid: PatchGrid,
    options: MaskPredictorOptions,
  ) {
    const { frames, bins } = model.manifest.patch;
    this.#model = model;
    this.#mixtures = mixtures;
    this.#options = options;
    this.#firstPatch = options.firstPatch ?? 0;
    this.#next = this.#firstPatch;
    this.frames = mixtures[0].frames;
    this.grid = grid;
    this.#joiners = mixtures.map(() => new MaskJoiner(this.grid, bins));
    this.#carried = mixtures.map(() => new Float32Array(frames * bins));
  }

  /** The next `count` patches, in one call of the network: for each channel, patch by patch. */
  async predict(count: number): Promise<MaskPiece[][]> {
    const { manifest } = this.#model;
    const { frames, bins } = manifest.patch;
    const channels = this.#mixtures.length;
    const size = frames * bins;
    const { patches, lastEarlier } = this.grid;
    const magnitudes = new Float32Array(count * channels * size);
    for (let n = 0; n < count; n++) {
      const patch = this.#next + n;
      const ahead =
        patch === this.#firstPatch ? frames : firstFrameOf(this.grid, patch) - firstFrameOf(this.grid, patch - 1);
      const kept = frames - ahead;
      for (const [c, mixture] of this.#mixtures.entries()) {
        const at = (n * channels + c) * size;
        const same = this.#mixtures.indexOf(mixture);
        if (same < c) {
          const from = (n * channels + same) * size;
          magnitudes.copyWithin(at, from, from + size);
          continue;
        }
        magnitudes.set(this.#carried[c].subarray(ahead * bins), at);
        await mixture.read(ahead, magnitudes, at + kept * bins);
        this.#carried[c].set(magnitudes.subarray(at, at + size));
      }
    }
    const short = patches === 1 ? { frames: this.frames } : undefined;
    const predicted = await this.#model.predict(magnitudes, count, this.#options.divisor, short);
    const first = this.#next;
    this.#next += count;
    return this.#joiners.map((joiner, c) =>
      Array.from({ length: count }, (_, n) => {
        const at = (n * channels + c) * size;
        const patch = magnitudes.subarray(at, at + size);
        const last = first + n === patches - 1;
        return {
          masks: joiner.add(predicted, at, last),
          magnitudes: last ? patch.subarray(lastEarlier * bins) : patch,
        };
      }),
    );
  }

  dispose(): void {
    for (const mixture of new Set(this.#mixtures)) mixture.dispose();
  }
}
