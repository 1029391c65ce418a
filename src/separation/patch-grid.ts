/** The patches of a song: patch p begins at frame p × advance; the last one ends with the song. */
export interface PatchGrid {
  readonly patchFrames: number;
  readonly advance: number;
  readonly patches: number;
  /**
   * Frames by which the last patch begins earlier than at a multiple of `advance`. A patch with only the song's last
   * frames in it, often the end of a note, would leave the network to guess.
   */
  readonly lastEarlier: number;
}

/**
 * Share of a patch by which neighbouring patches overlap. Within it one mask fades into the next, so that no seam is
 * heard or seen, and the frames with the least context count least.
 */
export const OVERLAP = 0.125;

/** The grid that covers `frames` frames. It depends on their number alone, so batches and chunks change no result. */
export function patchGrid(frames: number, patchFrames: number, overlap = OVERLAP): PatchGrid {
  const advance = Math.max(1, Math.round(patchFrames * (1 - overlap)));
  const patches = Math.max(1, Math.ceil((frames - patchFrames) / advance) + 1);
  const lastEarlier = patches === 1 ? 0 : (patches - 1) * advance + patchFrames - frames;
  return { patchFrames, advance, patches, lastEarlier };
}

/** The first frame of a patch. */
export function firstFrameOf({ advance, patches, lastEarlier }: PatchGrid, patch: number): number {
  return patch * advance - (patch === patches - 1 ? lastEarlier : 0);
}

/** The first final frame of a segment that begins with `patch`: earlier frames need the patches before it. */
export function firstFinalFrame({ advance, patchFrames }: PatchGrid, patch: number): number {
  return patch === 0 ? 0 : patch * advance + patchFrames - advance;
}

/**
 * Joins overlapping mask patches to one mask in time with a linear cross-fade. Takes patches in order and returns the
 * frames that no later patch reaches.
 */
export class MaskJoiner {
  readonly #grid: PatchGrid;
  readonly #bins: number;
  /** Weight of each frame of a patch: rises and falls over the overlap. */
  readonly #fade: Float32Array;
  readonly #sum: Float32Array;
  readonly #weight: Float32Array;

  constructor(grid: PatchGrid, bins: number) {
    const { patchFrames, advance } = grid;
    this.#grid = grid;
    this.#bins = bins;
    const ramp = Math.min(patchFrames - advance, patchFrames / 2);
    this.#fade = Float32Array.from({ length: patchFrames }, (_, frame) =>
      Math.min(1, (frame + 0.5) / Math.max(ramp, 0.5), (patchFrames - frame - 0.5) / Math.max(ramp, 0.5)),
    );
    this.#sum = new Float32Array(patchFrames * bins);
    this.#weight = new Float32Array(patchFrames);
  }

  /**
   * Adds the next patch (patchFrames × bins at `offset` of `masks`).
   *
   * @param last whether no patch follows, so that all its frames are final
   * @returns the final frames from patch × advance on, frame by frame: `advance` of them, or all to the song's end
   */
  add(masks: Float32Array, offset: number, last: boolean): Float32Array {
    const { patchFrames, advance, lastEarlier } = this.#grid;
    const bins = this.#bins;
    // Frames before patch × advance were returned already.
    const given = last ? lastEarlier : 0;
    for (let frame = 0, i = 0, from = offset + given * bins; frame < patchFrames - given; frame++) {
      const fade = this.#fade[frame];
      this.#weight[frame] += fade;
      for (let bin = 0; bin < bins; bin++, i++) this.#sum[i] += fade * masks[from + i];
    }
    const final = last ? patchFrames - given : advance;
    const out = new Float32Array(final * bins);
    for (let frame = 0, i = 0; frame < final; frame++) {
      const scale = 1 / this.#weight[frame];
      for (let bin = 0; bin < bins; bin++, i++) out[i] = this.#sum[i] * scale;
    }
    this.#sum.copyWithin(0, final * bins).fill(0, (patchFrames - final) * bins);
    this.#weight.copyWithin(0, final).fill(0, patchFrames - final);
    return out;
  }
}
