import type { PcmSource } from '../audio/pcm-source.ts';
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
}

/** What became final with one patch. */
export interface SegmentPiece {
  /** First sample of the stems. */
  readonly start: number;
  readonly vocals: Float32Array[];
  readonly accompaniment: Float32Array[];
  readonly spectrogram: SpectrogramColumns;
}

/** Where the patches of a song lie, and with which of them a segment begins. */
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

  /** Samples by which a patch takes the song on. */
  get patchSamples(): number {
    return this.grid.advance * this.scale.frameSeconds * this.#song.sampleRate;
  }

  /** The first frame that is final in a segment that begins with `patch`: earlier ones lack the patches before. */
  firstFrame(patch: number): number {
    return firstFinalFrame(this.grid, patch);
  }

  /** The last patch with which a segment can begin that has `sample` in it. */
  patchFor(sample: number): number {
    const { grid, scale } = this;
    const frame = sample / this.#song.sampleRate / scale.frameSeconds;
    let patch = Math.min(grid.patches - 1, Math.floor(frame / grid.advance));
    while (patch > 0 && this.#firstSample(patch) > sample) patch--;
    return patch;
  }

  #firstSample(patch: number): number {
    const firstFrame = this.firstFrame(patch);
    // A mask that begins behind the song's last frame begins nothing.
    if (firstFrame >= this.scale.frames) return Number.POSITIVE_INFINITY;
    return filterStart(this.#song.sampleRate, this.#manifest, this.scale, firstFrame).sample;
  }
}

/** A segment of a song that is separated in one go, patch after patch, from any patch on to the song's end at most. */
export class SegmentSeparator {
  readonly #plan: SegmentPlan;
  readonly #run: MaskPredictor;
  /** How many of the model's masks are used. */
  readonly #masks: number;
  readonly #mask: MaskKind;
  readonly #stems: StemRenderer;
  readonly #bins: number;
  /** A sine of amplitude 1 has the magnitude of half the window's sum. */
  readonly #unit: number;
  readonly #firstFrame: number;
  #next: number;

  static async open(
    song: PcmSource,
    model: Predictor,
    plan: SegmentPlan,
    firstPatch: number,
    options: SegmentOptions,
  ): Promise<SegmentSeparator> {
    const run = await MaskPredictor.open(song, model, options.selectors, { ...options, firstPatch });
    return new SegmentSeparator(song, model.manifest, plan, firstPatch, options.mask, run);
  }

  private constructor(
    song: PcmSource,
    manifest: ModelManifest,
    plan: SegmentPlan,
    firstPatch: number,
    mask: MaskKind,
    run: MaskPredictor,
  ) {
    this.#plan = plan;
    this.#run = run;
    this.#masks = maskCount(song, manifest);
    this.#mask = mask;
    this.#bins = manifest.patch.bins;
    const { window, windowLength } = manifest.stft;
    this.#unit = 2 / makeWindow(window, windowLength).reduce((sum, value) => sum + value, 0);
    this.#firstFrame = plan.firstFrame(firstPatch);
    this.#stems = new StemRenderer(song, manifest, plan.scale, this.#firstFrame);
    this.#next = firstPatch;
  }

  /** First sample that is not made yet. */
  get position(): number {
    return this.#stems.position;
  }

  /** Patches that are left to the song's end. */
  get patchesLeft(): number {
    return this.#plan.grid.patches - this.#next;
  }

  /** Runs the network over the next `count` patches; what becomes final comes patch by patch. */
  async *next(count: number): AsyncGenerator<SegmentPiece, void, undefined> {
    const { grid, scale } = this.#plan;
    // Of a mono song a model of two channels runs on the same twice: its first mask is used.
    const channels = (await this.#run.predict(count)).slice(0, this.#masks);
    for (let n = 0; n < count; n++) {
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
      // What a patch says of the zeros after the song's end is no mask of the song.
      const frames = Math.min(given - lacking, scale.frames - firstFrame);
      const stems = await this.#stems.render(
        pieces.map(({ masks }) => masks.subarray(0, frames * this.#bins)),
        firstFrame,
        last,
      );
      yield { start, ...stems, spectrogram: spectrogram(pieces, this.#unit, firstFrame, frames, this.#bins) };
    }
  }

  dispose(): void {
    this.#run.dispose();
  }
}

function cut({ masks, magnitudes }: MaskPiece, from: number): MaskPiece {
  return { masks: masks.subarray(from), magnitudes: magnitudes.subarray(from) };
}

/** The mean of one or two channels. */
function spectrogram(
  channels: readonly MaskPiece[],
  unit: number,
  firstFrame: number,
  frames: number,
  bins: number,
): SpectrogramColumns {
  const mixture = new Float32Array(frames * bins);
  const mask = new Float32Array(frames * bins);
  const share = 1 / channels.length;
  for (const { magnitudes, masks } of channels) {
    for (let i = 0; i < mixture.length; i++) {
      mixture[i] += magnitudes[i] * unit * share;
      mask[i] += masks[i] * share;
    }
  }
  return { firstFrame, frames, bins, mixture, mask };
}
