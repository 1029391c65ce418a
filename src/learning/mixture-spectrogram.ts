import type { AudioData } from '../audio/audio-data.ts';
import { Stft } from '../dsp/stft.ts';
import type { ModelManifest } from '../model/manifest.ts';
import { channelSelectors } from '../separation/mask-predictor.ts';
import { MixtureFrames } from '../separation/mixture-frames.ts';
import { fullScale } from './sound/spectrogram.ts';

/** Frames of a song, as a model receives them. */
export interface MixtureRequest {
  readonly song: AudioData;
  readonly manifest: ModelManifest;
  readonly firstFrame: number;
  readonly frames: number;
}

/** Frames read at once. */
const STEP = 512;

/**
 * Magnitudes of the song as the network receives it (at its sampling rate, the mean over its channels): frames × bins of its
 * patches, linear. A full-scale sine peaks at 1, as in the spectrograms of a separation.
 */
export async function mixtureFrames({
  song,
  manifest,
  firstFrame,
  frames,
}: MixtureRequest): Promise<Float32Array<ArrayBuffer>> {
  const { bins } = manifest.patch;
  const out = new Float32Array(frames * bins);
  const read = new Float32Array(STEP * bins);
  const selectors = channelSelectors(song.channels.length, manifest);
  const full = fullScale(new Stft(manifest.stft).window) * selectors.length;
  for (const selector of selectors) {
    const mixture = await MixtureFrames.open(song, manifest, selector, firstFrame);
    try {
      for (let frame = 0; frame < frames; frame += STEP) {
        const count = Math.min(STEP, frames - frame);
        await mixture.read(count, read, 0);
        for (let i = 0; i < count * bins; i++) out[frame * bins + i] += read[i] / full;
      }
    } finally {
      mixture.dispose();
    }
  }
  return out;
}
