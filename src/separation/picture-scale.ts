import type { ModelManifest } from '../model/manifest.ts';
import type { PictureScale } from './types.ts';

/** Axes of the pictures of a song of `frames` frames. */
export function pictureScale(manifest: ModelManifest, frames: number): PictureScale {
  const { sampleRate, stft, patch } = manifest;
  const binHz = sampleRate / stft.fftSize;
  return {
    frames,
    bins: patch.bins,
    firstBinHz: patch.firstBin * binHz,
    binHz,
    frameSeconds: stft.hop / sampleRate,
  };
}
