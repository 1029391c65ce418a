/**
 * Columns of the mixture's spectrogram and of the mask, in the model's resolution: `frames` columns from frame
 * `firstFrame` on, with `bins` values each, frame by frame (index = frame × bins + bin).
 */
export interface SpectrogramColumns {
  readonly firstFrame: number;
  readonly frames: number;
  readonly bins: number;
  /** Magnitude of the mixture, linear, ≥ 0. A full-scale sine peaks at 1 (window-normalised). */
  readonly mixture: Float32Array;
  /** Mask of the vocals in [0, 1], after the mask kind is applied. */
  readonly mask: Float32Array;
}

/** No columns. */
export function noColumns(bins: number): SpectrogramColumns {
  return { firstFrame: 0, frames: 0, bins, mixture: new Float32Array(0), mask: new Float32Array(0) };
}

/** The axes of a song's spectrograms. */
export interface SpectrogramScale {
  /** Frames (columns) of the whole song. */
  readonly frames: number;
  readonly bins: number;
  /** Frequency of bin 0, and from bin to bin, in hertz. */
  readonly firstBinHz: number;
  readonly binHz: number;
  /** Seconds from frame to frame; frame 0 is centred on 0 s. */
  readonly frameSeconds: number;
  /**
   * The window's equivalent noise bandwidth in bins: a sine's power over all bins, as a multiple of its greatest bin's
   * power. Default: 1.5, a Hann window.
   */
  readonly noiseBins?: number;
}

/** The top of a spectrogram's frequency axis, hertz. */
export function topOf({ firstBinHz, bins, binHz }: SpectrogramScale): number {
  return firstBinHz + bins * binHz;
}
