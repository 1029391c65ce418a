import type { SpectrogramScale } from '../../dsp/spectrogram-scale.ts';

/** The network's mask and the mixture's levels, frame by frame, as far as this thread has them in memory. */
export interface MaskFrames {
  readonly scale: SpectrogramScale;
  /** Whether the frame is in memory. */
  has(frame: number): boolean;
  /** Mask of a frame, 65535 being 1; a view, not to be written to. */
  row(frame: number): Uint16Array;
  /** The mixture's levels in a frame, 0 for −100 dB and below, 255 for a full-scale sine; a view. */
  levels(frame: number): Uint8Array;
  /** Loads the frames [from, to), as far as they are separated. Resolves to whether any were loaded. */
  load(from: number, to: number): Promise<boolean>;
}
