import { freeMemory } from '../core/memory.ts';
import { BLOCK_SAMPLES, type BlockMessage, blockOf } from '../songs/storage/player-source.ts';
import type { SongPiece } from '../songs/storage/song-source.ts';

/** Blocks ahead of the position that are kept ready: 18 seconds at 44.1 kHz, 13 MB in stereo. */
const AHEAD = 12;
const BEHIND = 2;

/** A range of the song, samples [start, end). */
export interface SampleSpan {
  readonly start: number;
  readonly end: number;
}

/**
 * The part of a song that the worklet has in memory: blocks around the position and around places it may jump to. The
 * table names the blocks to fetch, stores them as they arrive, and drops the others.
 */
export class BlockTable {
  readonly samples: number;
  readonly #blocks = new Map<number, SongPiece>();
  readonly #asked = new Set<number>();

  constructor(samples: number) {
    this.samples = samples;
  }

  /** Blocks that are in memory. */
  get size(): number {
    return this.#blocks.size;
  }

  /** Sample `index` of the original and of the vocals; 0 where the block is not in memory. */
  original(channel: number, index: number): number {
    return this.#at('original', channel, index);
  }

  vocals(channel: number, index: number): number {
    return this.#at('vocals', channel, index);
  }

  /** Whether all of a range, as far as it lies in the song, is in memory. */
  has({ start, end }: SampleSpan): boolean {
    const last = blockOf(Math.min(end, this.samples) - 1);
    for (let block = blockOf(Math.max(0, start)); block <= last; block++) {
      if (!this.#blocks.has(block)) return false;
    }
    return true;
  }

  /**
   * Returns the blocks to request for the current position and for possible jumps, the most urgent first, each once.
   * Drops blocks that are far from both.
   */
  want(position: number, others: readonly SampleSpan[]): readonly number[] {
    const here = blockOf(Math.min(Math.max(0, position), Math.max(0, this.samples - 1)));
    const last = blockOf(this.samples - 1);
    const wanted = new Set<number>();
    const add = (from: number, to: number) => {
      for (let block = Math.max(0, from); block <= Math.min(last, to); block++) wanted.add(block);
    };
    // One block behind: a fade, a seam and the stretcher begin before the position.
    add(here, here + 1);
    add(here - 1, here);
    for (const { start, end } of others) add(blockOf(start), blockOf(end - 1));
    add(here - BEHIND, here + AHEAD);
    for (const [block, piece] of this.#blocks) {
      if (wanted.has(block)) continue;
      this.#blocks.delete(block);
      freeMemory([...piece.original, ...piece.vocals]);
    }
    for (const block of this.#asked) if (!wanted.has(block)) this.#asked.delete(block);
    const missing = [...wanted].filter((block) => !this.#blocks.has(block) && !this.#asked.has(block));
    for (const block of missing) this.#asked.add(block);
    return missing;
  }

  /** Stores a block if it is still wanted, or new vocals for the blocks in memory. */
  take(message: BlockMessage): void {
    if ('index' in message) {
      if (this.#asked.delete(message.index)) this.#blocks.set(message.index, message.piece);
      return;
    }
    const { start, vocals } = message;
    const end = start + (vocals[0]?.length ?? 0);
    for (let block = blockOf(start); block <= blockOf(end - 1); block++) {
      const piece = this.#blocks.get(block);
      if (!piece) continue;
      const first = block * BLOCK_SAMPLES;
      const from = Math.max(start, first);
      piece.vocals.forEach((channel, c) => {
        const source = vocals[Math.min(c, vocals.length - 1)];
        channel.set(source.subarray(from - start, Math.min(end, first + channel.length) - start), from - first);
      });
    }
  }

  #at(signal: keyof SongPiece, channel: number, index: number): number {
    const channels = this.#blocks.get(blockOf(index))?.[signal];
    return channels?.[Math.min(channel, channels.length - 1)]?.[index % BLOCK_SAMPLES] ?? 0;
  }
}
