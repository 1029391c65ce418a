import type { Range } from '../../core/ranges.ts';
import { noColumns } from '../../dsp/spectrogram-scale.ts';
import type { SeparationChunk } from '../../separation/types.ts';
import { fadeSteps } from './fade-steps.ts';
import type { SongSource } from './song-source.ts';

/** A song whose pieces are given back after use. */
interface ReadableSong extends Pick<SongSource, 'read'> {
  release(arrays: readonly Float32Array[]): void;
}

/** The previews of a song that no chunk has replaced yet. */
export class Previews {
  #ranges: readonly Range[] = [];

  /** Samples; none overlaps with another. */
  get ranges(): readonly Range[] {
    return this.#ranges;
  }

  add(range: Range): void {
    this.#ranges = [...this.#ranges, range];
  }

  /**
   * Removes the previews that a chunk overlaps with. A player may be reading them: their samples turn into the chunk's
   * step by step. What the chunk leaves of them is not heard any more, as it would not join the chunk's end.
   */
  async fade(song: ReadableSong, chunk: SeparationChunk, store: (step: SeparationChunk) => unknown): Promise<void> {
    const end = chunk.start + (chunk.vocals[0]?.length ?? 0);
    const replaced = this.#ranges.filter((preview) => preview.start < end && preview.end > chunk.start);
    for (const preview of replaced) {
      for await (const step of stepsBetween(song, preview, chunk)) await store(step);
    }
    this.#ranges = this.#ranges.filter((preview) => !replaced.includes(preview));
  }
}

/** The way from the stored samples of a preview to those of the chunk that overlaps with it, as previews to be stored. */
async function* stepsBetween(
  song: ReadableSong,
  preview: Range,
  chunk: SeparationChunk,
): AsyncGenerator<SeparationChunk, void, undefined> {
  const { start, vocals, scale } = chunk;
  const from = Math.max(preview.start, start);
  const to = Math.min(preview.end, start + (vocals[0]?.length ?? 0));
  const piece = await song.read(from, to);
  const heard = piece.vocals.map((channel) => channel.slice());
  song.release([...piece.original, ...piece.vocals]);
  const wanted = vocals.map((channel) => channel.subarray(from - start, to - start));
  const spectrogram = noColumns(scale.bins);
  for await (const step of fadeSteps(heard, wanted)) {
    yield { ...chunk, isPreview: true, start: from, vocals: step, spectrogram };
  }
}
