import { type PcmSource, pcmSource, type Song } from '../audio/pcm-source.ts';
import { ParameterError } from '../core/errors.ts';
import { type Range, Ranges } from '../core/ranges.ts';
import { noColumns } from '../dsp/spectrogram-scale.ts';
import { type Predictor, predictorAt } from '../model/predictor.ts';
import { channelSelectors } from './mask-predictor.ts';
import { OVERLAP } from './patch-grid.ts';
import { beginPreview, type Preview } from './preview.ts';
import { SegmentPlan, SegmentSeparator } from './segment-separator.ts';
import { songDivisor } from './song-divisor.ts';
import type { SeparationChunk, SeparationOptions } from './types.ts';

const DEFAULT_BATCH = 1;

/** The defaults; docs/benchmarks.md has the figures behind them. */
export const DEFAULTS = { mask: { kind: 'soft' }, overlap: OVERLAP } as const satisfies SeparationOptions;

/**
 * Separates a song into vocals and accompaniment (Jansson et al. 2017, section 3), piece by piece: mono mixture at the
 * model's rate → magnitude patches → masks, cross-faded where patches overlap → the mask, interpolated in time and
 * frequency, on the full-rate mixture of every channel, with the mixture's phase. The other stem is the rest, so that
 * vocals + accompaniment = the original.
 *
 * The pieces do not depend on the batch size, nor on the order in which they are made (to 1e-4). Returning from the
 * generator ends the work.
 *
 * @param song one or two channels, at any rate; is not changed. It is read piece by piece, and once as a whole before
 * that where the model is normalised by the song
 * @returns pieces that make up the song, or what `done` leaves of it, without overlap. They come in order, unless
 * `priority` asks for another place first. Their stems join without a seam; the same spectrogram columns may come twice
 * at a join. Previews, where they are asked for, are none of these pieces
 * @throws ParameterError for a song without samples or with more than two channels, or an option out of its range
 * @throws the signal's reason when `options.signal` fires
 * @throws BackendError when the network cannot be run
 */
export async function* separate(
  song: Song,
  predictor: Predictor,
  options: SeparationOptions = {},
): AsyncGenerator<SeparationChunk, void, undefined> {
  const { mask = DEFAULTS.mask, overlap = DEFAULTS.overlap, batchSize = DEFAULT_BATCH, signal, priority } = options;
  const source = pcmSource(song);
  const totalSamples = source.samples;
  requireUsable(source, overlap, batchSize);
  const model = predictorAt(predictor, options.quality);
  signal?.throwIfAborted();
  const { manifest } = model;
  const selectors = channelSelectors(source.channelCount, manifest);
  const divisor = await songDivisor(source, manifest, selectors);
  const settings = { mask, overlap, divisor, selectors };
  const plan = new SegmentPlan(source, manifest, overlap);
  const done = new Ranges(options.done);
  let segment: SegmentSeparator | undefined;
  /** Where the preview ends that the segment began with: a player that gets there asks for what comes anyway. */
  let previewEnd = 0;
  /** Whether the sample lies in the segment's next patch, or in a preview of it. */
  const reaches = ({ position, patchesLeft }: SegmentSeparator, sample: number): boolean =>
    patchesLeft > 0 && position <= sample && sample < Math.max(position + plan.patchSamples, previewEnd);
  let place = 0;
  /** The gap at a place or after it; what the segment computes on its way there is a part of it. */
  const gapAt = (sample: number): Range | undefined => {
    const onTheWay = segment && reaches(segment, sample) ? done.gapAt(segment.position, totalSamples) : undefined;
    return onTheWay && onTheWay.end > sample ? onTheWay : done.gapAt(sample, totalSamples);
  };
  try {
    for (;;) {
      signal?.throwIfAborted();
      const asked: number | undefined = segment ? priority?.take() : (priority?.take() ?? place);
      place = Math.max(0, Math.round(asked ?? place));
      const gap = gapAt(place) ?? done.gapAt(0, totalSamples);
      if (!gap) return;
      if (!segment || !reaches(segment, gap.start)) {
        segment?.dispose();
        segment = undefined;
        previewEnd = 0;
        const { start } = gap;
        const isAwaited = options.previews === true && asked !== undefined;
        const preview = isAwaited && (await beginPreview(source, model, { plan, place: start, signal, ...settings }));
        const firstPatch = plan.patchFor(start);
        segment = await SegmentSeparator.open(source, model, { plan, firstPatch, isAwaited, ...settings });
        if (preview) {
          // The networks go on with the whole patch while the preview is rendered.
          await segment.begin();
          const chunk = previewChunk(await preview(), gap, { scale: plan.scale, doneSamples: done.size, totalSamples });
          previewEnd = chunk.start + chunk.vocals[0].length;
          yield chunk;
          continue;
        }
      }
      const wanted = Math.ceil((gap.end - segment.position) / plan.patchSamples);
      for await (const piece of segment.next(wanted, batchSize, priority?.asked())) {
        const start = Math.max(piece.start, gap.start);
        const end = Math.min(piece.start + piece.vocals[0].length, gap.end);
        // Samples before the gap are there already; samples after it came along with the batch.
        if (end < start || (end === start && piece.start >= gap.end)) continue;
        done.add(start, end);
        place = end;
        const cut = (stem: Float32Array) => stem.subarray(start - piece.start, end - piece.start);
        const whole = start === piece.start && end === piece.start + piece.vocals[0].length;
        yield {
          start,
          vocals: whole ? piece.vocals : piece.vocals.map(cut),
          accompaniment: whole ? piece.accompaniment : piece.accompaniment.map(cut),
          spectrogram: piece.spectrogram,
          scale: plan.scale,
          doneSamples: done.size,
          totalSamples,
        };
        signal?.throwIfAborted();
      }
    }
  } finally {
    segment?.dispose();
  }
}

/** What a preview has of a gap. */
function previewChunk(
  { start, vocals, accompaniment }: Preview,
  gap: Range,
  facts: Pick<SeparationChunk, 'scale' | 'doneSamples' | 'totalSamples'>,
): SeparationChunk {
  const cut = (stem: Float32Array) => stem.slice(Math.max(0, gap.start - start), Math.max(0, gap.end - start));
  return {
    isPreview: true,
    start: Math.max(start, gap.start),
    vocals: vocals.map(cut),
    accompaniment: accompaniment.map(cut),
    spectrogram: noColumns(facts.scale.bins),
    ...facts,
  };
}

function requireUsable(song: PcmSource, overlap: number, batchSize: number): void {
  if (song.samples === 0) throw new ParameterError('parameter.empty-song');
  if (song.channelCount > 2) {
    throw new ParameterError('parameter.song-channels', { count: song.channelCount });
  }
  if (!(batchSize >= 1)) throw new ParameterError('parameter.batch', { count: batchSize });
  if (!(overlap >= 0 && overlap < 1)) {
    throw new ParameterError('parameter.overlap', { overlap });
  }
}
