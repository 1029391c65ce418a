import type { PcmSource } from '../audio/pcm-source.ts';
import { applyMaskKind, complement, type MaskKind } from '../dsp/mask.ts';
import { makeWindow } from '../dsp/window.ts';
import type { ModelManifest } from '../model/manifest.ts';
import { type MaskPiece, MaskRun, type MaskRunOptions } from './mask-run.ts';
import { framesOf, type MonoView } from './mixture-frames.ts';
import { OtherSpeedRun } from './other-speed.ts';
import { firstFinalFrame, type PatchGrid, patchGrid } from './patch-grid.ts';
import { pictureScale } from './picture-scale.ts';
import type { Predictor } from './separate.ts';
import { firstStemSample, StemMaker } from './stem-maker.ts';
import type { ChannelRun, PictureColumns, PictureScale } from './types.ts';

export interface StretchOptions extends Omit<MaskRunOptions, 'firstPatch' | 'rough'> {
  readonly mask: MaskKind;
  /** At how many speeds the network hears the song, 1 to `MOST_SPEEDS`: see other-speed.ts. */
  readonly speeds: number;
  /** Whether the model's partner, where it has one, hears the song at the other speeds. */
  readonly partner: boolean;
  readonly channels: ChannelRun;
  readonly wiener: number;
  /** What the network hears in each of its runs. */
  readonly views: readonly (readonly MonoView[])[];
}

/** What became final with one patch. */
export interface StretchPiece {
  /** First sample of the stems. */
  readonly start: number;
  readonly vocals: Float32Array[];
  readonly accompaniment: Float32Array[];
  readonly picture: PictureColumns;
}

/** Where the patches of a song lie, and with which of them a stretch begins. */
export class StretchPlan {
  readonly grid: PatchGrid;
  readonly scale: PictureScale;
  readonly #song: PcmSource;
  readonly #manifest: ModelManifest;
  readonly #options: Pick<StretchOptions, 'channels' | 'wiener'>;

  constructor(
    song: PcmSource,
    manifest: ModelManifest,
    options: Pick<StretchOptions, 'channels' | 'wiener' | 'overlap'>,
  ) {
    this.#song = song;
    this.#manifest = manifest;
    this.#options = options;
    const frames = framesOf(song, manifest);
    this.scale = pictureScale(manifest, frames);
    this.grid = patchGrid(frames, manifest.patch.frames, options.overlap);
  }

  /** Samples by which a patch takes the song on. */
  get patchSamples(): number {
    return this.grid.advance * this.scale.frameSeconds * this.#song.sampleRate;
  }

  /** The first frame that is final in a stretch that begins with `patch`: earlier ones lack the patches before. */
  firstFrame(patch: number): number {
    return firstFinalFrame(this.grid, patch);
  }

  /** The last patch with which a stretch can begin that has `sample` in it. */
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
    return firstStemSample(this.#song, this.#manifest, this.scale, { ...this.#options, firstFrame });
  }
}

/** A stretch of a song that is separated in one go, patch after patch, from any patch on to the song's end at most. */
export class Stretch {
  readonly #plan: StretchPlan;
  readonly #runs: readonly MaskRun[];
  /** For each of them those that hear the same at another speed. */
  readonly #others: readonly (readonly OtherSpeedRun[])[];
  readonly #mask: MaskKind;
  readonly #accompaniment: boolean;
  readonly #stems: StemMaker;
  readonly #channels: ChannelRun;
  readonly #bins: number;
  /** A sine of amplitude 1 has the magnitude of half the window's sum. */
  readonly #unit: number;
  readonly #firstFrame: number;
  #next: number;

  static async open(
    song: PcmSource,
    model: Predictor,
    plan: StretchPlan,
    firstPatch: number,
    options: StretchOptions,
  ): Promise<Stretch> {
    const runs: MaskRun[] = [];
    const others: OtherSpeedRun[][] = [];
    const firstFrame = plan.firstFrame(firstPatch);
    for (const views of options.views) {
      runs.push(await MaskRun.open(song, model, views, { ...options, firstPatch }));
      const same: OtherSpeedRun[] = [];
      for (let speed = 1; speed < options.speeds; speed++) {
        same.push(await OtherSpeedRun.open(song, model, views, speed, { ...options, firstFrame }));
      }
      others.push(same);
    }
    return new Stretch(song, model.manifest, plan, firstPatch, options, runs, others);
  }

  private constructor(
    song: PcmSource,
    manifest: ModelManifest,
    plan: StretchPlan,
    firstPatch: number,
    { channels, wiener, mask }: StretchOptions,
    runs: readonly MaskRun[],
    others: readonly (readonly OtherSpeedRun[])[],
  ) {
    this.#plan = plan;
    this.#runs = runs;
    this.#others = others;
    this.#mask = mask;
    this.#accompaniment = manifest.target === 'accompaniment';
    this.#channels = channels;
    this.#bins = manifest.patch.bins;
    const { window, windowLength } = manifest.stft;
    this.#unit = 2 / makeWindow(window, windowLength).reduce((sum, value) => sum + value, 0);
    this.#firstFrame = plan.firstFrame(firstPatch);
    this.#stems = new StemMaker(song, manifest, plan.scale, { channels, wiener, firstFrame: this.#firstFrame });
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
  async *next(count: number): AsyncGenerator<StretchPiece, void, undefined> {
    const { grid, scale } = this.#plan;
    const heard: MaskPiece[][][] = [];
    for (const run of this.#runs) {
      const channels = await run.predict(count);
      // Of a mono song a model of two channels hears the same twice.
      heard.push(this.#channels === 'mean' ? channels.slice(0, 1) : channels);
    }
    for (let n = 0; n < count; n++) {
      const patch = this.#next++;
      const from = patch * grid.advance;
      const lacking = Math.max(0, this.#firstFrame - from);
      const given = heard[0][0][n].masks.length / this.#bins;
      if (given <= lacking) continue;
      const firstFrame = from + lacking;
      const final = await this.#finish(
        heard.map((run) => run.map((channel) => cut(channel[n], lacking * this.#bins))),
        firstFrame,
      );
      const last = patch === grid.patches - 1;
      const start = this.#stems.position;
      const stems = await this.#stems.make(
        final.map(({ masks }) => masks),
        firstFrame,
        last,
      );
      // Of two runs the picture shows the mean, or the middle.
      const shown = this.#channels === 'left-right' ? final : final.slice(0, 1);
      const frames = Math.min(given - lacking, scale.frames - firstFrame);
      yield { start, ...stems, picture: picture(shown, this.#unit, firstFrame, frames, this.#bins) };
    }
  }

  /** The masks of the vocals, channel by channel, out of what each run gave. */
  async #finish(heard: readonly (readonly MaskPiece[])[], firstFrame: number): Promise<readonly MaskPiece[]> {
    for (const [run, pieces] of heard.entries()) {
      const masks = pieces.map((piece) => piece.masks);
      for (const other of this.#others[run]) await other.blend(masks, firstFrame);
    }
    const pieces = heard.flat();
    for (const { masks } of pieces) {
      applyMaskKind(masks, this.#mask);
      if (this.#accompaniment) complement(masks);
    }
    return pieces;
  }

  dispose(): void {
    for (const run of [...this.#runs, ...this.#others.flat()]) run.dispose();
  }
}

function cut({ masks, magnitudes }: MaskPiece, from: number): MaskPiece {
  return { masks: masks.subarray(from), magnitudes: magnitudes.subarray(from) };
}

/** The mean of one or two runs. */
function picture(
  runs: readonly MaskPiece[],
  unit: number,
  firstFrame: number,
  frames: number,
  bins: number,
): PictureColumns {
  const mixture = new Float32Array(frames * bins);
  const mask = new Float32Array(frames * bins);
  const share = 1 / runs.length;
  for (const { magnitudes, masks } of runs) {
    for (let i = 0; i < mixture.length; i++) {
      mixture[i] += magnitudes[i] * unit * share;
      mask[i] += masks[i] * share;
    }
  }
  return { firstFrame, frames, bins, mixture, mask };
}
