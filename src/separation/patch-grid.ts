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
