import type { PcmSource } from '../audio/pcm-source.ts';
import { freeMemory } from '../core/memory.ts';
import { applyMaskKind, type MaskKind } from '../dsp/mask.ts';
import type { SpectrogramColumns, SpectrogramScale } from '../dsp/spectrogram-scale.ts';
import { makeWindow } from '../dsp/window.ts';
import type { ModelManifest } from '../model/manifest.ts';
import type { Predictor } from '../model/predictor.ts';
import { type MaskPiece, MaskPredictor, type MaskPredictorOptions } from './mask-predictor.ts';
import { type ChannelSelector, framesOf } from './mixture-frames.ts';
import { firstFinalFrame, type PatchGrid, patchGrid } from './patch-grid.ts';
import { spectrogramScale } from './scale-of-model.ts';
import { filterStart } from './stem-filter.ts';
import { maskCount, StemRenderer } from './stem-renderer.ts';

export interface SegmentOptions extends Omit<MaskPredictorOptions, 'firstPatch'> {
  readonly mask: MaskKind;
  /** What the network runs on, channel by channel. */
  readonly selectors: readonly ChannelSelector[];
  /** A person waits for the first patch: it has the processors for itself. */
  readonly isAwaited: boolean;
}

/** What one patch made final. */
export interface SegmentPiece {
  /** First sample of the stems. */
  readonly start: number;
  readonly vocals: Float32Array[];
  readonly accompaniment: Float32Array[];
  readonly spectrogram: SpectrogramColumns;
}

/** The patches of a song, and the patch with which a segment begins. */
export class SegmentPlan {
  readonly grid: PatchGrid;
  readonly scale: SpectrogramScale;
  readonly #song: PcmSource;
  readonly #manifest: ModelManifest;

  constructor(song: PcmSource, manifest: ModelManifest, overlap: number) {
    this.#song = song;
    this.#manifest = manifest;
    const frames = framesOf(song, manifest);
    this.scale = spectrogramScale(manifest, frames);
    this.grid = patchGrid(frames, manifest.patch.frames, overlap);
  }

  /** Samples of the song from one patch to the next. */
  get patchSamples(): number {
    return this.grid.advance * this.scale.frameSeconds * this.#song.sampleRate;
  }

  /** The first final frame of a segment that begins with `patch`: earlier frames need the patches before it. */
  firstFrame(patch: number): number {
    return firstFinalFrame(this.grid, patch);
  }

  /** The last patch with which a segment can begin that contains `sample`. */
  patchFor(sample: number): number {
    const { grid, scale } = this;
    const frame = sample / this.#song.sampleRate / scale.frameSeconds;
    let patch = Math.min(grid.patches - 1, Math.floor(frame / grid.advance));
    while (patch > 0 && this.#firstSample(patch) > sample) patch--;
    return patch;
  }

  #firstSample(patch: number): number {
    const firstFrame = this.firstFrame(patch);
    // Past the song's last frame there is nothing to render.
    if (firstFrame >= this.scale.frames) return Number.POSITIVE_INFINITY;
    return filterStart(this.#song.sampleRate, this.#manifest, this.scale, firstFrame).sample;
  }
}

/** What a segment separator works with. */
interface SegmentParts {
  readonly plan: SegmentPlan;
  readonly firstPatch: number;
  readonly mask: MaskKind;
  readonly isAwaited: boolean;
  readonly predictor: MaskPredictor;
}

/** Separates a segment of a song in one go, patch after patch, from any patch to the song's end at most. */
export class SegmentSeparator {
  readonly #plan: SegmentPlan;
  readonly #predictor: MaskPredictor;
  /** How many of the model's masks the filter uses. */
  readonly #masks: number;
  readonly #mask: MaskKind;
  readonly #stems: StemRenderer;
  readonly #bins: number;
  /** A sine of amplitude 1 has the magnitude of half the window's sum. */
  readonly #unit: number;
  readonly #firstFrame: number;
  /** Calls of the network at the same time. */
  readonly #concurrency: number;
  /** Whether nothing is to be computed beside the next patch. */
  #alone: boolean;
  #next: number;

  static async open(
    song: PcmSource,
    model: Predictor,
    { plan, firstPatch, ...options }: SegmentOptions & Pick<SegmentParts, 'plan' | 'firstPatch'>,
  ): Promise<SegmentSeparator> {
    const predictor = await MaskPredictor.open(song, model, options.selectors, { ...options, firstPatch });
    const { mask, isAwaited } = options;
    return new SegmentSeparator(song, model, { plan, firstPatch, mask, isAwaited, predictor });
  }

  private constructor(song: PcmSource, model: Predictor, parts: SegmentParts) {
    const { plan, firstPatch, mask, isAwaited, predictor } = parts;
    const { manifest } = model;
    this.#concurrency = model.concurrency?.() ?? 1;
    this.#alone = isAwaited;
    this.#plan = plan;
    this.#predictor = predictor;
    this.#masks = maskCount(song, manifest);
    this.#mask = mask;
    this.#bins = manifest.patch.bins;
    const { window, windowLength } = manifest.stft;
    this.#unit = 2 / makeWindow(window, windowLength).reduce((sum, value) => sum + value, 0);
    this.#firstFrame = plan.firstFrame(firstPatch);
    this.#stems = new StemRenderer(song, manifest, plan.scale, this.#firstFrame);
    this.#next = firstPatch;
  }

  /** First sample that is not separated yet. */
  get position(): number {
    return this.#stems.position;
  }

  /** Patches left to the song's end. */
  get patchesLeft(): number {
    return this.#plan.grid.patches - this.#next;
  }

  /** Starts the network on the first patch, where it takes more than one call at a time; `next` waits for it. */
  async begin(): Promise<void> {
    if (this.#concurrency > 1) await this.#predictor.begin(1);
  }

  /**
   * Runs the network on the next patches, and yields what one call of it makes final, patch by patch. Later patches are
   * begun before that, as far as the predictor computes them at the same time. A first patch that a person waits for has
   * the processors for itself.
   *
   * @param wanted patches that are of use, from the next one on
   * @param batchSize patches in one call at most
   * @param interruption when it resolves first, nothing is yielded; what was begun stays for the next call
   */
  async *next(
    wanted: number,
    batchSize: number,
    interruption?: Promise<void>,
  ): AsyncGenerator<SegmentPiece, void, undefined> {
    const { grid, scale } = this.#plan;
    const predictor = this.#predictor;
    const most = this.#alone ? 1 : Math.max(1, Math.min(wanted, this.patchesLeft));
    while (predictor.batches === 0 || (predictor.batches < this.#concurrency && predictor.begun < most)) {
      await predictor.begin(Math.max(1, Math.min(batchSize, most - predictor.begun)));
    }
    if (interruption && this.#concurrency > 1) {
      const isInterrupted = await Promise.race([predictor.settled().then(() => false), interruption.then(() => true)]);
      if (isInterrupted) return;
    }
    // A model of two channels runs on a mono song twice: the first mask is enough.
    const channels = (await predictor.finish()).slice(0, this.#masks);
    this.#alone = false;
    for (let n = 0; n < channels[0].length; n++) {
      const patch = this.#next++;
      const from = patch * grid.advance;
      const lacking = Math.max(0, this.#firstFrame - from);
      const given = channels[0][n].masks.length / this.#bins;
      if (given <= lacking) continue;
      const firstFrame = from + lacking;
      const pieces = channels.map((channel) => cut(channel[n], lacking * this.#bins));
      for (const { masks } of pieces) applyMaskKind(masks, this.#mask);
      const last = patch === grid.patches - 1;
      const start = this.#stems.position;
      // The last patch may go on after the song's end: its mask there counts for nothing.
      const frames = Math.min(given - lacking, scale.frames - firstFrame);
      const stems = await this.#stems.render(
        pieces.map(({ masks }) => masks.subarray(0, frames * this.#bins)),
        firstFrame,
        last,
      );
      const columns = { firstFrame, frames, bins: this.#bins };
      yield { start, ...stems, spectrogram: meanColumns(pieces, this.#unit, columns) };
    }
    freeMemory(channels.flat().flatMap(({ masks, magnitudes }) => [masks, magnitudes]));
  }

  dispose(): void {
    this.#predictor.dispose();
  }
}

function cut({ masks, magnitudes }: MaskPiece, from: number): MaskPiece {
  return { masks: masks.subarray(from), magnitudes: magnitudes.subarray(from) };
}

/** The mean of one or two channels; magnitudes times `unit`. */
function meanColumns(
  channels: readonly MaskPiece[],
  unit: number,
  columns: Omit<SpectrogramColumns, 'mixture' | 'mask'>,
): SpectrogramColumns {
  const { frames, bins } = columns;
  const mixture = new Float32Array(frames * bins);
  const mask = new Float32Array(frames * bins);
  const share = 1 / channels.length;
  for (const { magnitudes, masks } of channels) {
    for (let i = 0; i < mixture.length; i++) {
      mixture[i] += magnitudes[i] * unit * share;
      mask[i] += masks[i] * share;
    }
  }
  return { ...columns, mixture, mask };
}
