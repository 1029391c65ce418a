import type { SpectrogramScale } from '../dsp/spectrogram-scale.ts';
import { makeWindow } from '../dsp/window.ts';
import type { ModelManifest } from '../model/manifest.ts';

/** Axes of the spectrograms of a song of `frames` frames. */
export function spectrogramScale(manifest: ModelManifest, frames: number): SpectrogramScale {
  const { sampleRate, stft, patch } = manifest;
  const binHz = sampleRate / stft.fftSize;
  const window = makeWindow(stft.window, stft.windowLength);
  const sum = window.reduce((total, value) => total + value, 0);
  const power = window.reduce((total, value) => total + value * value, 0);
  return {
    frames,
    bins: patch.bins,
    firstBinHz: patch.firstBin * binHz,
    binHz,
    frameSeconds: stft.hop / sampleRate,
    // Parseval: Σ|X|² = N·Σw²·A²/4 on one side, and the greatest |X| is A·Σw/2.
    noiseBins: (stft.fftSize * power) / sum ** 2,
  };
}
