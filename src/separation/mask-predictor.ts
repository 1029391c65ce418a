import { toMono } from '../audio/mixdown.ts';
import { pcmSource, type Song } from '../audio/pcm-source.ts';
import { freeMemory } from '../core/memory.ts';
import type { ModelManifest } from '../model/manifest.ts';
import type { Predictor } from '../model/predictor.ts';
import { MaskCrossFader } from './mask-cross-fade.ts';
import { type ChannelSelector, framesOf, MixtureChannels } from './mixture-frames.ts';
import { firstFrameOf, type PatchGrid, patchGrid } from './patch-grid.ts';

export interface MaskPredictorOptions {
  readonly overlap: number;
  /**
   * The song's magnitudes are divided by it before the network runs: see song-divisor.ts. Undefined: the model needs
   * none.
   */
  readonly divisor: number | undefined;
  /** The first patch. Default: 0. */
  readonly firstPatch?: number;
}

/** Patches that the network runs on in one call. */
interface Batch {
  readonly first: number;
  readonly count: number;
  /** Patch by patch, channel by channel. */
  readonly magnitudes: Float32Array;
  readonly masks: Promise<Float32Array>;
}

/** What one patch made final: frame by frame, from frame patch × advance on. */
export interface MaskPiece {
  /** Masks of the vocals, in [0, 1]. */
  readonly masks: Float32Array;
  /** Linear magnitudes that the network ran on, of at least as many frames. */
  readonly magnitudes: Float32Array;
}

const left: ChannelSelector = (piece) => piece.channels[0];
const right: ChannelSelector = (piece) => piece.channels[1];

/**
 * What each channel of a model runs on: a model of one channel on the mean of the song's channels; a model of two
 * channels on the left and the right one, or on a mono song twice.
 */
export function channelSelectors(
  songChannels: number,
  { channels }: Pick<ModelManifest, 'channels'>,
): readonly ChannelSelector[] {
  if (channels === 1) return [toMono];
  return songChannels === 2 ? [left, right] : [toMono, toMono];
}

/**
 * Runs the network on a song, or on a segment of it: overlapping patches in order, their masks cross-faded in time. In
 * a segment that begins later in the song, the first frames need the patches before it: see `firstFinalFrame`.
 */
export class MaskPredictor {
  readonly grid: PatchGrid;
  /** Frames of the whole song. */
  readonly frames: number;
  readonly #model: Predictor;
  readonly #mixture: MixtureChannels;
  readonly #options: MaskPredictorOptions;
  readonly #crossFaders: readonly MaskCrossFader[];
  /** Each channel's last patch: the next patch begins with some of its frames. */
  readonly #carried: readonly Float32Array[];
  readonly #firstPatch: number;
  /** Batches that are being computed, in order. */
  readonly #batches: Batch[] = [];
  readonly #ended = new AbortController();
  #next: number;

  /** @param selectors one for each channel of the model: see `channelSelectors` */
  static async open(
    song: Song,
    model: Predictor,
    selectors: readonly ChannelSelector[],
    options: MaskPredictorOptions,
  ): Promise<MaskPredictor> {
    const { manifest } = model;
    const grid = patchGrid(framesOf(pcmSource(song), manifest), manifest.patch.frames, options.overlap);
    const firstFrame = firstFrameOf(grid, options.firstPatch ?? 0);
    const mixture = await MixtureChannels.open(song, manifest, selectors, firstFrame);
    return new MaskPredictor(model, mixture, grid, options);
  }

  private constructor(model: Predictor, mixture: MixtureChannels, grid: PatchGrid, options: MaskPredictorOptions) {
    const { frames, bins } = model.manifest.patch;
    this.#model = model;
    this.#mixture = mixture;
    this.#options = options;
    this.#firstPatch = options.firstPatch ?? 0;
    this.#next = this.#firstPatch;
    this.frames = mixture.frames;
    this.grid = grid;
    const channels = Array.from({ length: mixture.count });
    this.#crossFaders = channels.map(() => new MaskCrossFader(this.grid, bins));
    this.#carried = channels.map(() => new Float32Array(frames * bins));
  }

  /** Calls of the network that are open. */
  get batches(): number {
    return this.#batches.length;
  }

  /** Patches that `begin` was called for and `finish` was not. */
  get begun(): number {
    return this.#batches.reduce((sum, { count }) => sum + count, 0);
  }

  /** Starts the network on the next `count` patches, in one call. */
  async begin(count: number): Promise<void> {
    const { manifest } = this.#model;
    const { frames, bins } = manifest.patch;
    const channels = this.#mixture.count;
    const size = frames * bins;
    const { patches } = this.grid;
    const magnitudes = new Float32Array(count * channels * size);
    for (let n = 0; n < count; n++) {
      const patch = this.#next + n;
      const ahead =
        patch === this.#firstPatch ? frames : firstFrameOf(this.grid, patch) - firstFrameOf(this.grid, patch - 1);
      const kept = frames - ahead;
      const at = n * channels * size;
      for (const [c, carried] of this.#carried.entries()) magnitudes.set(carried.subarray(ahead * bins), at + c * size);
      await this.#mixture.read(ahead, magnitudes, at + kept * bins, size);
      for (const [c, carried] of this.#carried.entries()) {
        carried.set(magnitudes.subarray(at + c * size, at + (c + 1) * size));
      }
    }
    const short = patches === 1 ? { frames: this.frames } : undefined;
    const { signal } = this.#ended;
    const masks = this.#model.predict(magnitudes, count, this.#options.divisor, { ...short, signal });
    // It may fail long before `finish` asks for it.
    masks.catch(() => undefined);
    this.#batches.push({ first: this.#next, count, magnitudes, masks });
    this.#next += count;
  }

  /** Settles when the batch that was begun first is computed, or has failed. */
  async settled(): Promise<void> {
    await Promise.allSettled([this.#batches[0].masks]);
  }

  /** The masks of the batch that was begun first: for each channel, patch by patch. The caller may free them. */
  async finish(): Promise<MaskPiece[][]> {
    const { first, count, magnitudes, masks } = this.#batches[0];
    const predicted = await masks;
    this.#batches.shift();
    const { frames, bins } = this.#model.manifest.patch;
    const channels = this.#mixture.count;
    const size = frames * bins;
    const { patches, lastEarlier } = this.grid;
    const pieces = this.#crossFaders.map((crossFader, c) =>
      Array.from({ length: count }, (_, n) => {
        const at = (n * channels + c) * size;
        const patch = magnitudes.subarray(at, at + size);
        const last = first + n === patches - 1;
        return {
          masks: crossFader.add(predicted, at, last),
          magnitudes: last ? patch.subarray(lastEarlier * bins) : patch,
        };
      }),
    );
    freeMemory([predicted]);
    return pieces;
  }

  /** Frees memory; what is being computed is of no use any more. */
  dispose(): void {
    this.#ended.abort();
    this.#mixture.dispose();
  }
}
