import type { Range } from '../../core/ranges.ts';
import type { SeparationChunk } from '../../separation/types.ts';
import { fadeSteps } from './fade-steps.ts';
import type { SongSource } from './song-source.ts';

/** A song whose pieces are given back after use. */
interface ReadableSong extends Pick<SongSource, 'read'> {
  release(arrays: readonly Float32Array[]): void;
}

/** The way from the stored samples of a preview to those of the chunk that overlaps with it, as previews to be stored. */
export async function* previewFade(
  storage: ReadableSong,
  preview: Range,
  chunk: SeparationChunk,
): AsyncGenerator<SeparationChunk, void, undefined> {
  const { start, vocals, spectrogram } = chunk;
  const from = Math.max(preview.start, start);
  const to = Math.min(preview.end, start + (vocals[0]?.length ?? 0));
  const piece = await storage.read(from, to);
  const heard = piece.vocals.map((channel) => channel.slice());
  storage.release([...piece.original, ...piece.vocals]);
  const wanted = vocals.map((channel) => channel.subarray(from - start, to - start));
  const none = new Float32Array(0);
  const noColumns = { ...spectrogram, frames: 0, mixture: none, mask: none };
  for await (const step of fadeSteps(heard, wanted)) {
    yield { ...chunk, isPreview: true, start: from, vocals: step, spectrogram: noColumns };
  }
}
