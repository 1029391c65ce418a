/**
 * Columns of the spectrograms, in the model's own resolution: `frames` columns beginning at frame `firstFrame`,
 * each of `bins` values, frame by frame (index = frame × bins + bin).
 */
export interface SpectrogramColumns {
  readonly firstFrame: number;
  readonly frames: number;
  readonly bins: number;
  /** Magnitude of the mixture, linear, ≥ 0. A full-scale sine peaks at 1 (window-normalised). */
  readonly mixture: Float32Array;
  /** Mask of the vocals, [0, 1], after the mask kind was applied. */
  readonly mask: Float32Array;
}

/** What the spectrograms' axes mean. */
export interface SpectrogramScale {
  /** Frames (columns) of the whole song. */
  readonly frames: number;
  readonly bins: number;
  /** Hertz of bin 0 and from bin to bin. */
  readonly firstBinHz: number;
  readonly binHz: number;
  /** Seconds from frame to frame; frame 0 is centred on 0 s. */
  readonly frameSeconds: number;
  /**
   * The power of a sine, summed over the bins that the window spreads it over, as a multiple of its greatest bin's.
   * Default: a Hann window's, 1.5.
   */
  readonly noiseBins?: number;
}
