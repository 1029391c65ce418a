import type { SpectrogramScale } from '../../dsp/spectrogram-scale.ts';
import type { MaskFrames } from './mask-frames.ts';
import type { SpectrogramCells } from './spectrogram-cells.ts';

/** Frames loaded in addition on each side: painting a frame needs its neighbours. */
const MARGIN = 2;

/** Frames that are read at once; blocks kept: 12 s and 5 minutes with the paper's model, 5 MB. */
const BLOCK_FRAMES = 128;
const MAX_BLOCKS = 26;

export interface MaskCacheOptions {
  readonly scale: SpectrogramScale;
  /** Whether all columns of the frames [from, to) are stored. */
  readonly isStored: (from: number, to: number) => boolean;
  /** Reads stored frames [first, end). */
  readonly read: (first: number, end: number) => Promise<SpectrogramCells>;
}

interface Block extends SpectrogramCells {
  /** Frames that were stored when it was read, from the block's first on: 1 for each. */
  readonly there: Uint8Array;
}

/**
 * Cache of the part of a stored mask that is shown or painted: blocks of frames, the least recently used dropped first.
 */
export class MaskCache implements MaskFrames {
  readonly scale: SpectrogramScale;
  readonly #options: MaskCacheOptions;
  /** In the order of their last use. */
  readonly #blocks = new Map<number, Block>();

  constructor(options: MaskCacheOptions) {
    this.scale = options.scale;
    this.#options = options;
  }

  has(frame: number): boolean {
    return this.#blocks.get(blockOf(frame))?.there[frame % BLOCK_FRAMES] === 1;
  }

  row(frame: number): Uint16Array {
    return this.#cells(frame, 'cells') as Uint16Array;
  }

  levels(frame: number): Uint8Array {
    return this.#cells(frame, 'levels') as Uint8Array;
  }

  /** Loads the blocks of these frames; only the first ones if they do not all fit. */
  async load(from: number, to: number): Promise<boolean> {
    const first = Math.max(0, from - MARGIN);
    const end = Math.min(to + MARGIN, this.scale.frames);
    let loaded = false;
    for (let block = blockOf(first), n = 0; block * BLOCK_FRAMES < end && n < MAX_BLOCKS; block++, n++) {
      const kept = this.#blocks.get(block);
      const there = this.#storedIn(block);
      if (kept?.there.every((value, at) => value === there[at])) {
        this.#keep(block, kept);
        continue;
      }
      const begin = block * BLOCK_FRAMES;
      this.#keep(block, { ...(await this.#options.read(begin, begin + there.length)), there });
      loaded = true;
    }
    return loaded;
  }

  #storedIn(block: number): Uint8Array {
    const first = block * BLOCK_FRAMES;
    const count = Math.min(BLOCK_FRAMES, this.scale.frames - first);
    if (this.#options.isStored(first, first + count)) return new Uint8Array(count).fill(1);
    return Uint8Array.from({ length: count }, (_, n) => (this.#options.isStored(first + n, first + n + 1) ? 1 : 0));
  }

  #keep(number: number, block: Block): void {
    this.#blocks.delete(number);
    this.#blocks.set(number, block);
    const oldest = this.#blocks.keys().next().value;
    if (this.#blocks.size > MAX_BLOCKS && oldest !== undefined) this.#blocks.delete(oldest);
  }

  #cells(frame: number, kind: keyof SpectrogramCells): Uint16Array | Uint8Array {
    const { bins } = this.scale;
    const block = this.#blocks.get(blockOf(frame));
    if (!block) throw new RangeError('The frame is not in memory.');
    const at = (frame % BLOCK_FRAMES) * bins;
    return block[kind].subarray(at, at + bins);
  }
}

function blockOf(frame: number): number {
  return Math.floor(frame / BLOCK_FRAMES);
}
