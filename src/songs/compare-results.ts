import { nextTask } from '../core/next-task.ts';
import { commonScale, framesOver, maskDifference } from '../dsp/mask-difference.ts';
import type { SpectrogramColumns } from '../dsp/spectrogram-scale.ts';
import { minusVocals } from './storage/song-source.ts';
import type { SongStorage } from './storage/song-storage.ts';

export { commonScale };

/** Frames compared at once: a fraction of a frame of the page's time. */
const FRAMES_AT_ONCE = 128;
const SAMPLES_AT_ONCE = 131_072;

/**
 * The spectrogram of the difference of two separations of one song, piece by piece: see `maskDifference`. Painting
 * counts. Both must have a scale.
 */
export async function* compareResults(a: SongStorage, b: SongStorage): AsyncGenerator<SpectrogramColumns> {
  const { scale, scale: { frames } = { frames: 0 } } = a;
  if (!scale || !b.scale) return;
  for (let first = 0; first < frames; first += FRAMES_AT_ONCE) {
    const end = Math.min(frames, first + FRAMES_AT_ONCE);
    const other = framesOver(scale, b.scale, first, end);
    const [ofA, ofB] = await Promise.all([read(a, first, end), read(b, other.first, other.end)]);
    yield maskDifference({ columns: ofA, scale }, { columns: ofB, scale: b.scale });
    for (const [storage, { mixture, mask }] of [
      [a, ofA],
      [b, ofB],
    ] as const) {
      storage.release([mixture, mask]);
    }
    await nextTask();
  }
}

/** What the vocals of one separation of a song have more than those of another, piece by piece. */
export async function* vocalsDifference(
  a: SongStorage,
  b: SongStorage,
): AsyncGenerator<{ readonly start: number; readonly channels: readonly Float32Array[] }> {
  for (let start = 0; start < a.samples; start += SAMPLES_AT_ONCE) {
    const end = Math.min(a.samples, start + SAMPLES_AT_ONCE);
    const [ofA, ofB] = await Promise.all([a.read(start, end), b.read(start, end)]);
    yield { start, channels: minusVocals(ofA, ofB) };
    a.release([...ofA.original, ...ofA.vocals]);
    b.release([...ofB.original, ...ofB.vocals]);
    await nextTask();
  }
}

async function read(storage: SongStorage, first: number, end: number): Promise<SpectrogramColumns> {
  const columns = await storage.readColumns(first, end);
  return storage.edit?.over(columns) ?? columns;
}
