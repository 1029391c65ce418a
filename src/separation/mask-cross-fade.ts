import type { PatchGrid } from './patch-grid.ts';

/**
 * Cross-fades overlapping patches of a mask into one mask, linearly over their overlap. Takes patches in order and returns the
 * frames that no later patch reaches.
 */
export class MaskCrossFader {
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
