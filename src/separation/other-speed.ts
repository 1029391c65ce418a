import { pcmSource, type Song } from '../audio/pcm-source.ts';
import type { ModelManifest } from '../model/manifest.ts';
import { joinFrames } from './join-frames.ts';
import { MaskRun, type MaskRunOptions } from './mask-run.ts';
import { framesOf, type MonoView } from './mixture-frames.ts';
import { lastPatchFor, type PatchGrid, patchGrid } from './patch-grid.ts';
import type { Predictor } from './separate.ts';

/**
 * The other speeds, a semitone and nearly three up, in the order in which they join, and what each one's mask counts
 * beside the mean of those before: docs/benchmarks.md says what they bring and cost. As many as `MOST_SPEEDS` has room for.
 */
const OTHERS = [
  { speed: 18 / 17, share: 0.4 },
  { speed: 7 / 6, share: 0.3 },
] as const;

/** Bins at the top of the other band over which its mask gives way to the model's own. */
const FADE_BINS = 8;

/**
 * The network hears the song once more, 18/17 times as fast, or 7/6: as a song of another pitch and tempo, where it is wrong
 * in other places. The masks are carried back to the song's own frames and bins, bilinearly, and blended into those of the
 * hearings before. Where the model has a partner, that one hears it: another network is wrong in other places, too. No sound
 * is sped up: what the network hears then is the song at the model's rate × 17/18, or 6/7.
 */
export class OtherSpeedRun {
  readonly #run: MaskRun;
  readonly #grid: PatchGrid;
  readonly #frameAt: (frame: number) => number;
  readonly #bins: number;
  /** For each bin of the song the lower of two neighbours in this run, the weight of the upper one, and the run's share. */
  readonly #lower: Int32Array;
  readonly #weight: Float64Array;
  readonly #shares: Float64Array;
  /** Final frames of each channel, from frame `#first` of this run on. */
  #kept: readonly Float32Array[];
  #first: number;
  #next: number;

  /**
   * @param speed which of the other speeds: 1 to `MOST_SPEEDS` − 1
   * @param firstFrame the song's first frame that will be blended
   */
  static async open(
    song: Song,
    model: Predictor,
    views: readonly MonoView[],
    speed: number,
    options: MaskRunOptions & { readonly firstFrame: number; readonly partner: boolean },
  ): Promise<OtherSpeedRun> {
    const { firstFrame, overlap, partner } = options;
    const manifest = atOtherSpeed(model.manifest, speed);
    const heard: Predictor = {
      manifest,
      predict: (patches, count, maximum) => model.predict(patches, count, maximum, { partner }),
    };
    const grid = patchGrid(framesOf(pcmSource(song), manifest), manifest.patch.frames, overlap);
    const needed = Math.floor(frameAt(firstFrame, model.manifest, manifest));
    const firstPatch = lastPatchFor(grid, needed);
    const run = await MaskRun.open(song, heard, views, { ...options, firstPatch, rough: true });
    const { share } = OTHERS[speed - 1];
    return new OtherSpeedRun(run, model.manifest, manifest, { firstPatch, channels: views.length, share });
  }

  private constructor(
    run: MaskRun,
    own: ModelManifest,
    other: ModelManifest,
    { firstPatch, channels, share }: { firstPatch: number; channels: number; share: number },
  ) {
    const { bins, firstBin } = own.patch;
    this.#run = run;
    this.#grid = run.grid;
    this.#frameAt = (frame) => frameAt(frame, own, other);
    this.#bins = bins;
    const places = Array.from(
      { length: bins },
      (_, bin) => ((firstBin + bin) * own.sampleRate) / other.sampleRate - firstBin,
    );
    this.#lower = Int32Array.from(places, (at) => Math.max(0, Math.min(bins - 2, Math.floor(at))));
    this.#weight = Float64Array.from(places, (at, bin) => Math.max(0, Math.min(1, at - this.#lower[bin])));
    this.#shares = Float64Array.from(places, (at) => share * Math.max(0, Math.min(1, (bins - 1 - at) / FADE_BINS)));
    this.#kept = Array.from({ length: channels }, () => new Float32Array(0));
    this.#first = firstPatch * run.grid.advance;
    this.#next = firstPatch;
  }

  /**
   * Blends this run's masks into those of the song.
   *
   * @param masks for each channel frames × bins, frame by frame; are changed
   * @param firstFrame the number of their first frame; never less than at the call before
   */
  async blend(masks: readonly Float32Array[], firstFrame: number): Promise<void> {
    const bins = this.#bins;
    const frames = masks[0].length / bins;
    await this.#reach(Math.floor(this.#frameAt(firstFrame + frames - 1)) + 2);
    this.#forget(Math.floor(this.#frameAt(firstFrame)));
    const last = this.#kept[0].length / bins - 1;
    for (let frame = 0; frame < frames; frame++) {
      // Beyond its last frame, and before its first, the nearest one stands.
      const at = Math.max(0, Math.min(last, this.#frameAt(firstFrame + frame) - this.#first));
      const early = Math.floor(at);
      const late = Math.min(last, early + 1);
      for (const [channel, mask] of masks.entries()) {
        const own = mask.subarray(frame * bins, (frame + 1) * bins);
        const kept = this.#kept[channel];
        this.#blendRow(own, kept.subarray(early * bins), kept.subarray(late * bins), at - early);
      }
    }
  }

  #blendRow(own: Float32Array, early: Float32Array, late: Float32Array, part: number): void {
    for (let bin = 0; bin < own.length; bin++) {
      const at = this.#lower[bin];
      const weight = this.#weight[bin];
      const before = early[at] + weight * (early[at + 1] - early[at]);
      const after = late[at] + weight * (late[at + 1] - late[at]);
      own[bin] += this.#shares[bin] * (before + part * (after - before) - own[bin]);
    }
  }

  /** Runs the network until `frames` frames are final, or all are. */
  async #reach(frames: number): Promise<void> {
    const { advance, patches } = this.#grid;
    const have = this.#first + this.#kept[0].length / this.#bins;
    const count = Math.min(patches - this.#next, Math.ceil((frames - have) / advance));
    if (count <= 0) return;
    const pieces = await this.#run.predict(count);
    this.#next += count;
    this.#kept = this.#kept.map((kept, channel) => joinFrames([kept, ...pieces[channel].map(({ masks }) => masks)]));
  }

  /** Drops the frames before `frame`; the last one stays. */
  #forget(frame: number): void {
    const have = this.#kept[0].length / this.#bins;
    const drop = Math.max(0, Math.min(frame - this.#first, have - 1));
    this.#kept = this.#kept.map((kept) => kept.slice(drop * this.#bins));
    this.#first += drop;
  }

  dispose(): void {
    this.#run.dispose();
  }
}

/**
 * The model as it hears the song at another speed, in hertz of the song.
 *
 * @param speed 1 to `MOST_SPEEDS` − 1
 */
export function atOtherSpeed(manifest: ModelManifest, speed: number): ModelManifest {
  return { ...manifest, sampleRate: Math.round(manifest.sampleRate / OTHERS[speed - 1].speed) };
}

/** Where a frame of one model lies among those of the other, which differs in its rate only. */
function frameAt(frame: number, { sampleRate, stft }: ModelManifest, other: ModelManifest): number {
  const middle = stft.centred ? 0 : stft.windowLength / 2;
  return ((frame * stft.hop + middle) * (other.sampleRate / sampleRate) - middle) / stft.hop;
}
