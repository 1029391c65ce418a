import { Stft } from '../../dsp/stft.ts';

/** Decibels of level byte 0; byte 255 is 0 dB, a full-scale sine. */
export const FLOOR_DB = -80;

/** A sound, and how to transform it. */
export interface SpectrogramRequest {
  /** One channel. */
  readonly samples: Float32Array;
  /** Points of the transform and of the window: a power of two. */
  readonly windowLength: number;
  /** Samples from frame to frame. */
  readonly hop: number;
}

/** Levels of a sound: frames × bins, frame by frame. */
export interface SpectrogramResult {
  readonly frames: number;
  /** windowLength / 2 + 1: from 0 Hz to half the sampling rate. */
  readonly bins: number;
  /** 20·log10 of the magnitude from −80 dB (0) to 0 dB (255), where a full-scale sine peaks at 0 dB. */
  readonly levels: Uint8Array;
}

/** The magnitudes of the short-time Fourier transform (Hann window, frames centred) as levels in decibels. */
export function spectrogram({ samples, windowLength, hop }: SpectrogramRequest): SpectrogramResult {
  const stft = new Stft({ fftSize: windowLength, hop });
  const frames = stft.frameCount(samples.length);
  const { bins } = stft;
  const levels = new Uint8Array(frames * bins);
  const column = new Float32Array(bins);
  const full = fullScale(stft.window);
  for (let frame = 0; frame < frames; frame++) {
    stft.magnitudeFrame(samples, frame, column);
    for (let bin = 0; bin < bins; bin++) levels[frame * bins + bin] = levelByte(column[bin] / full);
  }
  return { frames, bins, levels };
}

/** The magnitude at which a full-scale sine peaks: half the sum of the window. */
export function fullScale(window: Float64Array): number {
  let sum = 0;
  for (const value of window) sum += value;
  return sum / 2;
}

/** Level of a linear magnitude, 1 being full scale, as a byte; see {@link SpectrogramResult}. */
export function levelByte(magnitude: number): number {
  if (!(magnitude > 0)) return 0;
  return Math.min(255, Math.max(0, Math.round(255 * (1 - (20 * Math.log10(magnitude)) / FLOOR_DB))));
}
