import { BLOCK_SAMPLES, blockOf } from './player-source.ts';

/** Reads channels of samples [start, end) into arrays of their own. */
type ReadVocals = (start: number, end: number) => readonly Float32Array[];

/**
 * The vocals of the blocks that were painted on, in memory, over those of a file that stays as it is: it may be open for
 * reading alone, and in another window too.
 */
export class PaintedBlocks {
  readonly #samples: number;
  readonly #blocks = new Map<number, readonly Float32Array[]>();

  /** @param samples of the whole song */
  constructor(samples: number) {
    this.#samples = samples;
  }

  /** Puts vocals over those of the file. @param base reads the file */
  put(start: number, vocals: readonly Float32Array[], base: ReadVocals): void {
    const end = Math.min(this.#samples, start + (vocals[0]?.length ?? 0));
    for (let block = blockOf(start); block * BLOCK_SAMPLES < end; block++) {
      if (this.#blocks.has(block)) continue;
      const first = block * BLOCK_SAMPLES;
      this.#blocks.set(block, base(first, Math.min(this.#samples, first + BLOCK_SAMPLES)));
    }
    this.update(start, vocals);
  }

  /** Takes vocals that were written to the file, for the blocks that lie over it. */
  update(start: number, vocals: readonly Float32Array[]): void {
    this.#overlap(start, vocals, (block, inside, from, count) => {
      for (const [c, channel] of block.entries()) {
        channel.set(vocals[Math.min(c, vocals.length - 1)].subarray(from, from + count), inside);
      }
    });
  }

  /** Puts what is painted into vocals that were read from the file. */
  cover(start: number, vocals: readonly Float32Array[]): void {
    this.#overlap(start, vocals, (block, inside, from, count) => {
      for (const [c, channel] of vocals.entries()) channel.set(block[c].subarray(inside, inside + count), from);
    });
  }

  /** Calls back for each painted block: where in it, and where in `vocals`, their common samples begin. */
  #overlap(
    start: number,
    vocals: readonly Float32Array[],
    act: (block: readonly Float32Array[], inside: number, from: number, count: number) => void,
  ): void {
    if (this.#blocks.size === 0) return;
    const end = start + (vocals[0]?.length ?? 0);
    for (let index = blockOf(start); index * BLOCK_SAMPLES < end; index++) {
      const block = this.#blocks.get(index);
      if (!block) continue;
      const first = index * BLOCK_SAMPLES;
      const from = Math.max(start, first);
      const to = Math.min(end, first + block[0].length);
      act(block, from - first, from - start, to - from);
    }
  }
}
