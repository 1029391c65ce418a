import type { AudioData } from '../audio/audio-data.ts';
import { toMono } from '../audio/mixdown.ts';
import type { Song } from '../audio/pcm-source.ts';
import { applyMaskKind, type MaskKind } from '../dsp/mask.ts';
import { gateSilence } from '../dsp/silence-gate.ts';
import { MixtureFrames, type MonoView, songMaximum } from './mixture-frames.ts';
import { MaskJoiner, type PatchGrid, patchGrid } from './patch-grid.ts';
import type { Predictor } from './separate.ts';
import type { ChannelRun } from './types.ts';

export interface MaskRunOptions {
  readonly mask: MaskKind;
  readonly overlap: number;
  readonly gate: boolean;
}

/** What became final with one patch: frame by frame, frame 0 being the patch's first. */
export interface MaskPiece {
  /** Masks of the vocals. */
  readonly masks: Float32Array;
  /** Linear magnitudes that the network heard; at least as many frames. */
  readonly magnitudes: Float32Array;
}

/** Half of the silence gate's window. */
const GATE_SECONDS = 0.75;

/** What the network hears, one run each. */
export function viewsOf(channels: ChannelRun): readonly MonoView[] {
  switch (channels) {
    case 'left-right':
      return [(piece) => piece.channels[0], (piece) => piece.channels[1]];
    case 'mid-side':
      return [toMono, side];
    default:
      return [toMono];
  }
}

function side({ channels: [left, right] }: AudioData): Float32Array {
  return left.map((value, n) => 0.5 * (value - right[n]));
}

/** One run of the network over a song: overlapping patches in order, their masks joined in time. */
export class MaskRun {
  readonly grid: PatchGrid;
  /** Frames of the whole song. */
  readonly frames: number;
  readonly #model: Predictor;
  readonly #mixture: MixtureFrames;
  readonly #maximum: number | undefined;
  readonly #options: MaskRunOptions;
  readonly #joiner: MaskJoiner;
  /** The last patch's frames that the next one begins with. */
  readonly #carried: Float32Array;
  #next = 0;

  /** @param view what the network hears of the song */
  static async open(song: Song, model: Predictor, view: MonoView, options: MaskRunOptions): Promise<MaskRun> {
    const { manifest } = model;
    const maximum = manifest.normalisation === 'song-maximum' ? await songMaximum(song, manifest, view) : undefined;
    return new MaskRun(model, await MixtureFrames.open(song, manifest, view), maximum, options);
  }

  private constructor(model: Predictor, mixture: MixtureFrames, maximum: number | undefined, options: MaskRunOptions) {
    const { frames, bins } = model.manifest.patch;
    this.#model = model;
    this.#mixture = mixture;
    this.#maximum = maximum;
    this.#options = options;
    this.frames = mixture.frames;
    this.grid = patchGrid(mixture.frames, frames, options.overlap);
    this.#joiner = new MaskJoiner(this.grid, bins);
    this.#carried = new Float32Array((frames - this.grid.advance) * bins);
  }

  /** The next `count` patches, in one call of the network. */
  async predict(count: number): Promise<MaskPiece[]> {
    const { manifest } = this.#model;
    const { frames, bins } = manifest.patch;
    const size = frames * bins;
    const { advance, patches } = this.grid;
    const magnitudes = new Float32Array(count * size);
    for (let n = 0; n < count; n++) {
      const kept = this.#next + n === 0 ? 0 : frames - advance;
      magnitudes.set(this.#carried.subarray(0, kept * bins), n * size);
      await this.#mixture.read(frames - kept, magnitudes, n * size + kept * bins);
      this.#carried.set(magnitudes.subarray(n * size + advance * bins, (n + 1) * size));
    }
    const predicted = await this.#model.predict(magnitudes, count, this.#maximum);
    const { mask, gate } = this.#options;
    const accompaniment = manifest.target === 'accompaniment';
    return Array.from({ length: count }, (_, n) => {
      const patch = magnitudes.subarray(n * size, (n + 1) * size);
      if (gate) {
        const near = Math.round((GATE_SECONDS * manifest.sampleRate) / manifest.stft.hop);
        gateSilence(predicted.subarray(n * size, (n + 1) * size), patch, bins, near, accompaniment);
      }
      const masks = applyMaskKind(this.#joiner.add(predicted, n * size, this.#next === patches - 1), mask);
      if (accompaniment) complement(masks);
      this.#next++;
      return { masks, magnitudes: patch };
    });
  }

  dispose(): void {
    this.#mixture.dispose();
  }
}

function complement(mask: Float32Array): void {
  for (let i = 0; i < mask.length; i++) mask[i] = 1 - mask[i];
}
