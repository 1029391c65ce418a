import { freeMemory } from '../core/memory.ts';
import type { SpectrogramColumns, SpectrogramScale } from '../dsp/spectrogram-scale.ts';
import type { SeparationChunk } from '../separation/types.ts';
import type { StemStore } from './storage/stem-store.ts';

/** Seconds of song in a piece: a few milliseconds of work. */
const PIECE_SECONDS = 10;

/**
 * What is separated of a song, in pieces as the separation gave them: for a view that was not there then. Of a song on disk
 * a piece is good until the next one is asked for.
 */
export async function* replay(store: StemStore, scale: SpectrogramScale): AsyncGenerator<SeparationChunk> {
  const { sampleRate } = store.original;
  const total = store.totalSamples;
  const step = Math.round(PIECE_SECONDS * sampleRate);
  for (const [start, end] of pieces(store.doneRanges, step)) {
    const { original, vocals } = await read(store, start, end);
    const accompaniment = original.map((channel, c) => channel.map((value, n) => value - vocals[c][n]));
    const spectrogram = await columns(store, scale, start / sampleRate, end >= total ? undefined : end / sampleRate);
    yield { start, vocals, accompaniment, spectrogram, scale, doneSamples: end, totalSamples: total };
    if (store.disk) freeMemory([...original, ...vocals, ...accompaniment, spectrogram.mixture, spectrogram.mask]);
  }
}

/** As the ranges are now: more may come while they are read. */
function pieces(ranges: StemStore['doneRanges'], step: number): readonly (readonly [start: number, end: number])[] {
  const all: [number, number][] = [];
  for (const range of ranges) {
    for (let start = range.start; start < range.end; start += step)
      all.push([start, Math.min(range.end, start + step)]);
  }
  return all;
}

async function read({ disk, original, vocals }: StemStore, start: number, end: number) {
  if (disk) return await disk.read(start, end);
  const cut = (channels: readonly Float32Array[]) => channels.map((channel) => channel.subarray(start, end));
  return { original: cut(original.channels), vocals: cut(vocals.channels) };
}

/** The columns from `from` to `to` seconds, as far as they are there; `to` undefined: to the end. */
async function columns(
  { mask, disk, picturedFrames }: StemStore,
  scale: SpectrogramScale,
  from: number,
  to: number | undefined,
): Promise<SpectrogramColumns> {
  let first = Math.round(from / scale.frameSeconds);
  const last = to === undefined ? scale.frames : Math.min(scale.frames, Math.round(to / scale.frameSeconds));
  if (disk) {
    const there = picturedFrames.list.find((range) => range.end > first);
    const begin = Math.max(first, there?.start ?? last);
    return await disk.readPictures(begin, Math.max(begin, Math.min(last, there?.end ?? last)), scale.bins);
  }
  while (mask && first < last && !mask.has(first)) first++;
  let end = first;
  while (mask && end < last && mask.has(end)) end++;
  if (mask && end > first) return mask.columns(first, end);
  return { firstFrame: 0, frames: 0, bins: scale.bins, mixture: new Float32Array(0), mask: new Float32Array(0) };
}
