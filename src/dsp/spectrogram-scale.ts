/**
 * Columns of the spectrograms in the model's resolution: `frames` columns from frame `firstFrame` on, each of `bins`
 * values, frame by frame (index = frame × bins + bin).
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

/** The axes of the spectrograms. */
export interface SpectrogramScale {
  /** Number of frames (columns) of the whole song. */
  readonly frames: number;
  readonly bins: number;
  /** Frequency of bin 0 and distance between bins, hertz. */
  readonly firstBinHz: number;
  readonly binHz: number;
  /** Seconds between frames; frame 0 is centred on 0 s. */
  readonly frameSeconds: number;
  /**
   * Power of a sine summed over the bins that the window spreads it over, as a multiple of its greatest bin. Default:
   * 1.5, that of a Hann window.
   */
  readonly noiseBins?: number;
}
