import type { AudioData } from '../audio/audio-data.ts';
import { Stft } from '../dsp/stft.ts';
import type { ModelManifest } from '../model/manifest.ts';
import { MixtureFrames } from '../separation/mixture-frames.ts';
import { fullScale } from './spectrogram.ts';

/** Frames of a song as a model sees them. */
export interface MixtureOrder {
  readonly song: AudioData;
  readonly manifest: ModelManifest;
  readonly firstFrame: number;
  readonly frames: number;
}

/** Frames read in one go. */
const STEP = 512;

/**
 * Magnitudes of the song as the network hears it (mono, at its rate), frames × bins of its patches, linear; a full-scale
 * sine peaks at 1, as in the pictures of a separation.
 */
export async function mixtureFrames({
  song,
  manifest,
  firstFrame,
  frames,
}: MixtureOrder): Promise<Float32Array<ArrayBuffer>> {
  const { bins } = manifest.patch;
  const out = new Float32Array(frames * bins);
  const mixture = await MixtureFrames.open(song, manifest);
  try {
    // A stream from the song's beginning: what comes before is read and dropped.
    const dropped = new Float32Array(STEP * bins);
    for (let frame = 0; frame < firstFrame; frame += STEP)
      await mixture.read(Math.min(STEP, firstFrame - frame), dropped, 0);
    for (let frame = 0; frame < frames; frame += STEP)
      await mixture.read(Math.min(STEP, frames - frame), out, frame * bins);
  } finally {
    mixture.dispose();
  }
  const full = fullScale(new Stft(manifest.stft).window);
  for (let i = 0; i < out.length; i++) out[i] /= full;
  return out;
}
