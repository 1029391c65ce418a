import type { ModelDescription } from '../../model/manifest.ts';
import { renderMasked, renderMaskedSpan } from '../../separation/render-masked.ts';
import type { Example } from './training-mixes.ts';

/** What an example sounds like: one channel each, at the model's rate, all of the same length. */
export interface ExampleSounds {
  readonly mixture: Float32Array;
  /** The true voice. */
  readonly voice: Float32Array;
  /** Mask × mixture, made with the filter that separation uses. */
  readonly product: Float32Array;
}

/** @param mask of the example, bins × frames, values 0 to 1 */
export function exampleSounds(
  { sound }: Pick<Example, 'sound'>,
  mask: Float32Array,
  description: ModelDescription,
): ExampleSounds {
  const { patch, sampleRate, stft } = description;
  const { frames, bins, firstBin } = patch;
  // The frames of an example begin with it; the filter counts them by their centres.
  const [mixture, voice] = [sound.mixture, sound.voice].map((samples) => samples.slice(stft.fftSize / 2));
  const turned = new Float32Array(mask.length);
  for (let bin = 0, at = 0; bin < bins; bin++) {
    for (let frame = 0; frame < frames; frame++, at++) turned[frame * bins + bin] = mask[at];
  }
  const binHz = sampleRate / stft.fftSize;
  const scale = { frames, bins, binHz, firstBinHz: firstBin * binHz, frameSeconds: stft.hop / sampleRate };
  const song = { sampleRate, samples: mixture.length, facts: description, scale };
  const span = renderMaskedSpan(song, 0, frames);
  const [product] = renderMasked(song, { span, channels: [mixture], mask: turned });
  return { mixture, voice, product };
}
