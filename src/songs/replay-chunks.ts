import { subtractChannels } from '../audio/subtract.ts';
import type { Range } from '../core/ranges.ts';
import type { SpectrogramColumns } from '../dsp/spectrogram-scale.ts';
import type { SeparationChunk } from '../separation/types.ts';
import type { SongStorage } from './storage/song-storage.ts';

/** Seconds of song in a piece: a few milliseconds of work. */
const PIECE_SECONDS = 10;

/** Columns that a separated range may have before its first sample and after its last one. */
const MAX_COLUMNS_BESIDE = 16;

/**
 * Replays the separated parts of a song as chunks, for a view that was opened later. A chunk is valid until the next one
 * is requested.
 */
export async function* replay(storage: SongStorage): AsyncGenerator<SeparationChunk> {
  const { sampleRate, samples, scale } = storage;
  if (!scale) return;
  const step = Math.round(PIECE_SECONDS * sampleRate);
  for (const { start, end, range } of pieces(storage.doneRanges, step)) {
    const { original, vocals } = await storage.read(start, end);
    const accompaniment = subtractChannels(original, vocals);
    const first = Math.round(start / sampleRate / scale.frameSeconds);
    const last = end >= samples ? scale.frames : Math.round(end / sampleRate / scale.frameSeconds);
    // Chunks that come later do not bring the columns beside the range again.
    const before = start === range.start ? Math.min(first, MAX_COLUMNS_BESIDE) : 0;
    const behind = end === range.end ? MAX_COLUMNS_BESIDE : 0;
    const spectrogram = await columns(storage, first, Math.min(scale.frames, last + behind), before);
    yield { start, vocals, accompaniment, spectrogram, scale, doneSamples: end, totalSamples: samples };
    storage.release([...original, ...vocals, ...accompaniment, spectrogram.mixture, spectrogram.mask]);
  }
}

/** A piece of a separated range. */
interface Piece extends Range {
  readonly range: Range;
}

/** As the ranges are now: more may come while they are read. */
function pieces(ranges: readonly Range[], step: number): readonly Piece[] {
  const all: Piece[] = [];
  for (const range of ranges) {
    for (let { start } = range; start < range.end; start += step)
      all.push({ start, end: Math.min(range.end, start + step), range });
  }
  return all;
}

/** The first columns without a gap of the frames [first, last), and those before them, `before` at most. */
async function columns(storage: SongStorage, first: number, last: number, before: number): Promise<SpectrogramColumns> {
  const there = storage.columnRanges.find(({ end }) => end > first);
  const begin = Math.min(last, Math.max(first - before, there?.start ?? last));
  return await storage.readColumns(begin, Math.max(begin, Math.min(last, there?.end ?? last)));
}
