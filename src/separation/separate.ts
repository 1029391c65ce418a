import { type AudioData, sampleCount } from '../audio/audio-data.ts';
import { MaskInterpolator } from '../dsp/interpolate-mask.ts';
import { applyMaskKind } from '../dsp/mask.ts';
import { StereoMaskFilter } from '../dsp/stereo-filter.ts';
import { makeWindow } from '../dsp/window.ts';
import { ParameterError } from '../errors.ts';
import type { ModelManifest } from '../model/manifest.ts';
import { MixtureFrames, songMaximum } from './mixture-frames.ts';
import { MaskJoiner, patchGrid } from './patch-grid.ts';
import type { PictureColumns, PictureScale, SeparationChunk, SeparationOptions } from './types.ts';

/** What separation needs of a model: see model/mask-model.ts. */
export interface Predictor {
  readonly manifest: ModelManifest;
  /** `count` patches of frames × bins linear magnitudes, frame by frame → masks of that shape in [0, 1]. */
  predict(patches: Float32Array, count: number, songMaximum?: number): Promise<Float32Array>;
}

const DEFAULT_BATCH = 1;

/**
 * Separates a song into vocals and accompaniment (Jansson et al. 2017, section 3), piece by piece: mono mixture at the
 * model's rate → magnitude patches → masks, cross-faded where patches overlap → the mask, interpolated in time and
 * frequency, on the full-rate mixture of every channel, with the mixture's phase. The other stem is the rest, so that
 * vocals + accompaniment = the original.
 *
 * The pieces do not depend on the batch size (to 1e-4). Returning from the generator ends the work.
 *
 * @param song one or two channels, at any rate; is not changed
 * @returns pieces in order, without gap or overlap, that make up the song
 * @throws ParameterError for a song without samples or with more than two channels
 * @throws the signal's reason when `options.signal` fires
 * @throws BackendError when the network cannot be run
 */
export async function* separate(
  song: AudioData,
  model: Predictor,
  options: SeparationOptions = {},
): AsyncGenerator<SeparationChunk, void, undefined> {
  const { mask: kind = { kind: 'soft' }, batchSize = DEFAULT_BATCH, signal } = options;
  const totalSamples = sampleCount(song);
  if (totalSamples === 0) throw new ParameterError('The song has no samples.', 'Choose a file with sound in it.');
  if (song.channels.length > 2) {
    throw new ParameterError(`The song has ${song.channels.length} channels.`, 'Mix it down to stereo first.');
  }
  if (!(batchSize >= 1)) throw new ParameterError(`${batchSize} patches make no batch.`, 'Use 1 or more.');
  signal?.throwIfAborted();
  const { manifest } = model;
  const { frames: patchFrames, bins } = manifest.patch;
  const maximum = manifest.normalisation === 'song-maximum' ? await songMaximum(song, manifest) : undefined;
  const mixture = await MixtureFrames.open(song, manifest);
  try {
    const scale = pictureScale(manifest, mixture.frames);
    // A sine of amplitude 1 has the magnitude of half the window's sum.
    const { window, windowLength } = manifest.stft;
    const unit = 2 / makeWindow(window, windowLength).reduce((sum, value) => sum + value, 0);
    const grid = patchGrid(mixture.frames, patchFrames);
    const joiner = new MaskJoiner(grid, bins);
    const stems = new StemMaker(song, manifest, scale);
    // The last patch's frames that the next one begins with.
    const carried = new Float32Array((patchFrames - grid.advance) * bins);
    const size = patchFrames * bins;
    let next = 0;
    while (next < grid.patches) {
      signal?.throwIfAborted();
      // One patch first: the person hears and sees something sooner.
      const count = next === 0 ? 1 : Math.min(batchSize, grid.patches - next);
      const patches = new Float32Array(count * size);
      for (let n = 0; n < count; n++) {
        const fresh = next + n === 0 ? 0 : patchFrames - grid.advance;
        patches.set(carried.subarray(0, fresh * bins), n * size);
        mixture.read(patchFrames - fresh, patches, n * size + fresh * bins);
        carried.set(patches.subarray(n * size + grid.advance * bins, (n + 1) * size));
      }
      const predicted = await model.predict(patches, count, maximum);
      for (let n = 0; n < count; n++, next++) {
        const last = next === grid.patches - 1;
        const masks = applyMaskKind(joiner.add(predicted, n * size, last), kind);
        if (manifest.target === 'accompaniment') complement(masks);
        const firstFrame = next * grid.advance;
        const frames = Math.min(masks.length / bins, mixture.frames - firstFrame);
        const start = stems.position;
        const { vocals, accompaniment } = stems.make(masks, firstFrame, last);
        yield {
          start,
          vocals,
          accompaniment,
          picture: picture(patches.subarray(n * size), unit, masks, firstFrame, frames, bins),
          scale,
          doneSamples: stems.position,
          totalSamples,
        };
      }
    }
  } finally {
    mixture.dispose();
  }
}

/** Axes of the pictures of a song of `frames` frames. */
export function pictureScale(manifest: ModelManifest, frames: number): PictureScale {
  const { sampleRate, stft, patch } = manifest;
  const binHz = sampleRate / stft.fftSize;
  return {
    frames,
    bins: patch.bins,
    firstBinHz: patch.firstBin * binHz,
    binHz,
    frameSeconds: stft.hop / sampleRate,
  };
}

function picture(
  magnitudes: Float32Array,
  unit: number,
  masks: Float32Array,
  firstFrame: number,
  frames: number,
  bins: number,
): PictureColumns {
  const mixture = new Float32Array(frames * bins);
  for (let i = 0; i < mixture.length; i++) mixture[i] = magnitudes[i] * unit;
  return { firstFrame, frames, bins, mixture, mask: masks.slice(0, frames * bins) };
}

function complement(mask: Float32Array): void {
  for (let i = 0; i < mask.length; i++) mask[i] = 1 - mask[i];
}

/** Turns final mask frames into final samples of both stems, at the song's rate, in all its channels. */
class StemMaker {
  readonly #song: AudioData;
  readonly #filter: StereoMaskFilter;
  readonly #interpolator: MaskInterpolator;
  readonly #row: Float32Array;
  readonly #bins: number;
  readonly #frameSeconds: number;
  /** The last mask frame of the piece before, between which and the first of this one the mask is interpolated. */
  #lastFrame: Float32Array | undefined;
  #frame = 0;

  constructor(song: AudioData, manifest: ModelManifest, scale: PictureScale) {
    const fftSize = filterSize(song.sampleRate, manifest);
    this.#song = song;
    this.#filter = new StereoMaskFilter({
      fftSize,
      hop: fftSize / 2,
      window: 'sine',
      channels: song.channels.length === 2 ? 2 : 1,
    });
    this.#interpolator = new MaskInterpolator({
      grid: scale,
      fftSize,
      sampleRate: song.sampleRate,
      highBand: manifest.highBand,
    });
    this.#row = new Float32Array(this.#filter.bins);
    this.#bins = scale.bins;
    this.#frameSeconds = scale.frameSeconds;
  }

  /** First sample that is not final yet. */
  get position(): number {
    return Math.min(this.#filter.position, sampleCount(this.#song));
  }

  make(
    masks: Float32Array,
    firstFrame: number,
    last: boolean,
  ): { vocals: Float32Array[]; accompaniment: Float32Array[] } {
    const { sampleRate } = this.#song;
    const known = this.#lastFrame ? join(this.#lastFrame, masks) : masks;
    const first = this.#lastFrame ? firstFrame - 1 : firstFrame;
    const frames = known.length / this.#bins;
    const end = (first + frames - 1) * this.#frameSeconds;
    const all = this.#filter.frameCount(sampleCount(this.#song));
    for (; this.#frame < all; this.#frame++) {
      const seconds = (this.#frame * this.#filter.hop) / sampleRate;
      if (seconds > end && !last) break;
      this.#interpolator.at(known, frames, seconds, this.#row, first);
      this.#filter.process(this.#song.channels, this.#frame, this.#row);
    }
    this.#lastFrame = known.slice(known.length - this.#bins);
    const from = this.position;
    const vocals = last ? this.#filter.flush(sampleCount(this.#song)) : this.#filter.take();
    const accompaniment = vocals.map((stem, channel) => {
      const original = this.#song.channels[channel];
      const rest = new Float32Array(stem.length);
      for (let i = 0; i < rest.length; i++) rest[i] = original[from + i] - stem[i];
      return rest;
    });
    return { vocals, accompaniment };
  }
}

function join(a: Float32Array, b: Float32Array): Float32Array {
  const both = new Float32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** The power of two whose window at the song's rate lasts about as long as the model's does at its own. */
function filterSize(sampleRate: number, { stft, sampleRate: modelRate }: ModelManifest): number {
  // Rounded down a little: a shorter window smears plosives and drums less, at half the cost.
  return Math.max(64, 2 ** Math.round(Math.log2((stft.windowLength / modelRate) * sampleRate) - 0.1));
}
