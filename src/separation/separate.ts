import { type PcmSource, pcmSource, type Song, wholeSong } from '../audio/pcm-source.ts';
import { makeWindow } from '../dsp/window.ts';
import { ParameterError } from '../errors.ts';
import type { ModelManifest } from '../model/manifest.ts';
import type { PredictOptions } from '../model/mask-model.ts';
import { type MaskPiece, MaskRun, viewsOf } from './mask-run.ts';
import { OVERLAP } from './patch-grid.ts';
import { pictureScale } from './picture-scale.ts';
import { separateClassic } from './separate-classic.ts';
import { StemMaker } from './stem-maker.ts';
import type { ChannelRun, PictureColumns, SeparationChunk, SeparationOptions } from './types.ts';

/** What separation needs of a model: see model/mask-model.ts. */
export interface Predictor {
  readonly manifest: ModelManifest;
  /** `count` patches of frames × bins linear magnitudes, frame by frame → masks of that shape in [0, 1]. */
  predict(patches: Float32Array, count: number, songMaximum?: number, options?: PredictOptions): Promise<Float32Array>;
}

const DEFAULT_BATCH = 1;

/** What post-processing pays, and is on where nothing else is asked for: docs/benchmarks.md has the figures. */
export const DEFAULTS = {
  mask: { kind: 'soft' },
  overlap: OVERLAP,
  channels: 'mean',
  wiener: 0,
  gate: false,
} as const satisfies SeparationOptions;

/**
 * Separates a song into vocals and accompaniment (Jansson et al. 2017, section 3), piece by piece: mono mixture at the
 * model's rate → magnitude patches → masks, cross-faded where patches overlap → the mask, interpolated in time and
 * frequency, on the full-rate mixture of every channel, with the mixture's phase. The other stem is the rest, so that
 * vocals + accompaniment = the original.
 *
 * The pieces do not depend on the batch size (to 1e-4). Returning from the generator ends the work.
 *
 * @param song one or two channels, at any rate; is not changed. Where it is not in memory, it is read piece by piece, once
 *   (and once before, where the model asks for the song's maximum); only `classic` reads it whole
 * @returns pieces in order, without gap or overlap, that make up the song
 * @throws ParameterError for a song without samples or with more than two channels, or an option that means nothing
 * @throws the signal's reason when `options.signal` fires
 * @throws BackendError when the network cannot be run
 */
export async function* separate(
  song: Song,
  model: Predictor,
  options: SeparationOptions = {},
): AsyncGenerator<SeparationChunk, void, undefined> {
  const { mask = DEFAULTS.mask, overlap = DEFAULTS.overlap, channels = DEFAULTS.channels } = options;
  const { wiener = DEFAULTS.wiener, gate = DEFAULTS.gate, batchSize = DEFAULT_BATCH, signal } = options;
  const source = pcmSource(song);
  const totalSamples = source.samples;
  requireUsable(source, { overlap, wiener, batchSize });
  signal?.throwIfAborted();
  if (options.classic) {
    if (model.manifest.channels !== 1) {
      throw new ParameterError('The classic way is for models that hear one channel.', 'Leave out `classic`.');
    }
    yield* separateClassic(await wholeSong(song), model, { mask, batchSize, signal });
    return;
  }
  const { manifest } = model;
  const { bins } = manifest.patch;
  // A model of two channels gives each channel of a stereo song its mask; of a mono song it hears the same twice.
  const wished = manifest.channels === 2 ? 'left-right' : channels;
  const heard: ChannelRun = source.channelCount === 2 ? wished : 'mean';
  const runs: MaskRun[] = [];
  try {
    for (const views of viewsOf(heard, manifest)) {
      runs.push(await MaskRun.open(source, model, views, { mask, overlap, gate }));
    }
    const [{ frames: songFrames, grid }] = runs;
    const scale = pictureScale(manifest, songFrames);
    // A sine of amplitude 1 has the magnitude of half the window's sum.
    const { window, windowLength } = manifest.stft;
    const unit = 2 / makeWindow(window, windowLength).reduce((sum, value) => sum + value, 0);
    const stems = new StemMaker(source, manifest, scale, { channels: heard, wiener });
    let next = 0;
    while (next < grid.patches) {
      signal?.throwIfAborted();
      // One patch first: the person hears and sees something sooner.
      const count = next === 0 ? 1 : Math.min(batchSize, grid.patches - next);
      const pieces: MaskPiece[][] = [];
      for (const run of runs) pieces.push(...(await run.predict(count)));
      if (heard === 'mean') pieces.length = 1;
      for (let n = 0; n < count; n++, next++) {
        const last = next === grid.patches - 1;
        const masks = pieces.map((run) => run[n].masks);
        const firstFrame = next * grid.advance;
        const frames = Math.min(masks[0].length / bins, songFrames - firstFrame);
        const start = stems.position;
        const { vocals, accompaniment } = await stems.make(masks, firstFrame, last);
        // Of two runs the picture shows the mean, or the middle.
        const shown = heard === 'left-right' ? pieces.map((run) => run[n]) : [pieces[0][n]];
        yield {
          start,
          vocals,
          accompaniment,
          picture: picture(shown, unit, firstFrame, frames, bins),
          scale,
          doneSamples: stems.position,
          totalSamples,
        };
      }
    }
  } finally {
    for (const run of runs) run.dispose();
  }
}

function requireUsable(
  song: PcmSource,
  { overlap, wiener, batchSize }: { overlap: number; wiener: number; batchSize: number },
): void {
  if (song.samples === 0) throw new ParameterError('The song has no samples.', 'Choose a file with sound in it.');
  if (song.channelCount > 2) {
    throw new ParameterError(`The song has ${song.channelCount} channels.`, 'Mix it down to stereo first.');
  }
  if (!(batchSize >= 1)) throw new ParameterError(`${batchSize} patches make no batch.`, 'Use 1 or more.');
  if (!(overlap >= 0 && overlap < 1)) {
    throw new ParameterError(`Patches cannot overlap by ${overlap}.`, 'Give a share from 0 to less than 1.');
  }
  if (!(Number.isInteger(wiener) && wiener >= 0)) {
    throw new ParameterError(`A Wiener filter has no ${wiener} rounds.`, 'Give 0, 1 or 2.');
  }
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
  for (const { magnitudes, masks } of runs) {
    const share = 1 / runs.length;
    for (let i = 0; i < mixture.length; i++) {
      mixture[i] += magnitudes[i] * unit * share;
      mask[i] += masks[i] * share;
    }
  }
  return { firstFrame, frames, bins, mixture, mask };
}
