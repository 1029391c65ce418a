import { Ranges } from '../../core/ranges.ts';
import { BLOCK_SAMPLES, blockOf } from './player-source.ts';

interface PaintedBlock {
  readonly channels: readonly Float32Array[];
  /** Samples of the block that are painted. */
  readonly painted: Ranges;
}

/**
 * Painted vocals in memory, which replace those of a read-only file that may also be open in another window. Only blocks
 * with painted samples take memory.
 */
export class PaintedBlocks {
  readonly #blocks = new Map<number, PaintedBlock>();

  /** Puts painted vocals over those of the file, from sample `start` on. */
  put(start: number, vocals: readonly Float32Array[]): void {
    const end = start + (vocals[0]?.length ?? 0);
    for (let index = blockOf(start); index * BLOCK_SAMPLES < end; index++) {
      const first = index * BLOCK_SAMPLES;
      const block = this.#blocks.get(index) ?? {
        channels: vocals.map(() => new Float32Array(BLOCK_SAMPLES)),
        painted: new Ranges(),
      };
      this.#blocks.set(index, block);
      block.painted.add(Math.max(start, first) - first, Math.min(end, first + BLOCK_SAMPLES) - first);
    }
    this.update(start, vocals);
  }

  /** Takes vocals that were written to the file, where something is painted over them. */
  update(start: number, vocals: readonly Float32Array[]): void {
    this.#overlap(start, vocals, ({ channels }, inside, from, count) => {
      for (const [c, channel] of channels.entries()) {
        channel.set(vocals[Math.min(c, vocals.length - 1)].subarray(from, from + count), inside);
      }
    });
  }

  /** Puts what is painted into vocals that were read from the file. */
  cover(start: number, vocals: readonly Float32Array[]): void {
    this.#overlap(start, vocals, ({ channels }, inside, from, count) => {
      for (const [c, channel] of vocals.entries()) channel.set(channels[c].subarray(inside, inside + count), from);
    });
  }

  /** All that is painted, as `put` takes it: views. */
  *pieces(): Generator<{ readonly start: number; readonly vocals: readonly Float32Array[] }> {
    for (const [index, { channels, painted }] of this.#blocks) {
      for (const { start, end } of painted.list) {
        yield { start: index * BLOCK_SAMPLES + start, vocals: channels.map((channel) => channel.subarray(start, end)) };
      }
    }
  }

  /** Calls back for each painted range: where in its block, and where in `vocals`, their common samples begin. */
  #overlap(
    start: number,
    vocals: readonly Float32Array[],
    act: (block: PaintedBlock, inside: number, from: number, count: number) => void,
  ): void {
    if (this.#blocks.size === 0) return;
    const end = start + (vocals[0]?.length ?? 0);
    for (let index = blockOf(start); index * BLOCK_SAMPLES < end; index++) {
      const block = this.#blocks.get(index);
      for (const range of block?.painted.list ?? []) {
        const first = index * BLOCK_SAMPLES;
        const from = Math.max(start, first + range.start);
        const to = Math.min(end, first + range.end);
        if (block && to > from) act(block, from - first, from - start, to - from);
      }
    }
  }
}
