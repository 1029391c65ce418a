import type { MaskKind } from '../dsp/mask.ts';

/** What a person may choose about a separation. */
export interface SeparationOptions {
  /** How the network's mask is used. `soft` is the paper's way; see dsp/mask.ts. Default: `{ kind: 'soft' }`. */
  readonly mask?: MaskKind;
  /** Patches given to the network in one call. Default: chosen by the backend. */
  readonly batchSize?: number;
  /** Ends the generator at the next patch when it fires. */
  readonly signal?: AbortSignal;
}

/**
 * Columns of the pictures, in the model's own resolution: `frames` columns beginning at frame `firstFrame`,
 * each of `bins` values, frame by frame (index = frame × bins + bin).
 */
export interface PictureColumns {
  readonly firstFrame: number;
  readonly frames: number;
  readonly bins: number;
  /** Magnitude of the mixture, linear, ≥ 0. A full-scale sine peaks at 1 (window-normalised). */
  readonly mixture: Float32Array;
  /** Mask of the vocals, [0, 1], after the mask kind was applied. */
  readonly mask: Float32Array;
}

/** What the pictures' axes mean. */
export interface PictureScale {
  /** Frames (columns) of the whole song. */
  readonly frames: number;
  readonly bins: number;
  /** Hertz of bin 0 and from bin to bin. */
  readonly firstBinHz: number;
  readonly binHz: number;
  /** Seconds from frame to frame; frame 0 is centred on 0 s. */
  readonly frameSeconds: number;
}

/** A finished piece of the song: vocals + accompaniment = the original in [start, start + length). */
export interface SeparationChunk {
  /** First sample, at the song's rate. */
  readonly start: number;
  /** One array per channel of the song, all of one length. */
  readonly vocals: readonly Float32Array[];
  readonly accompaniment: readonly Float32Array[];
  /** Columns that became final with this chunk. */
  readonly picture: PictureColumns;
  readonly scale: PictureScale;
  /** Samples finished so far, this chunk included, of `totalSamples`. */
  readonly doneSamples: number;
  readonly totalSamples: number;
}
