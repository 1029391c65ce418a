import { idealRatioMask } from '../../src/metrics/oracle.ts';
import type { ModelManifest } from '../../src/model/manifest.ts';
import { MixtureFrames } from '../../src/separation/mixture-frames.ts';
import { patchGrid } from '../../src/separation/patch-grid.ts';
import { DEFAULTS, type Predictor } from '../../src/separation/separate.ts';
import type { Stems } from './evaluate-stems.ts';

/**
 * A predictor that knows the answer: the ideal ratio mask (α = 2) of the true stems, in a model's own STFT and band. What
 * `separate` makes of it is what the model could reach at most; above the band the model's rule for it holds.
 */
export async function idealModel(stems: Stems, manifest: ModelManifest): Promise<Predictor> {
  const vocals = await magnitudes(stems, stems.vocals, manifest);
  const rest = stems.mixture.map((channel, c) => channel.map((value, n) => value - stems.vocals[c][n]));
  const mask = idealRatioMask(vocals, await magnitudes(stems, rest, manifest), 2);
  const { frames: patchFrames, bins } = manifest.patch;
  const frames = mask.length / bins;
  const { advance } = patchGrid(frames, patchFrames, DEFAULTS.overlap);
  let patch = 0;
  return {
    manifest: { ...manifest, id: `ideal of ${manifest.id}`, target: 'vocals', normalisation: 'none' },
    async predict(patches, count) {
      const masks = new Float32Array(patches.length);
      for (let n = 0; n < count; n++, patch++) {
        const first = patch * advance * bins;
        masks.set(mask.subarray(first, first + patchFrames * bins), n * patchFrames * bins);
      }
      return masks;
    },
  };
}

async function magnitudes(
  { sampleRate }: Stems,
  channels: Stems['vocals'],
  manifest: ModelManifest,
): Promise<Float32Array> {
  const frames = await MixtureFrames.open({ sampleRate, channels }, manifest);
  try {
    const all = new Float32Array(frames.frames * manifest.patch.bins);
    await frames.read(frames.frames, all, 0);
    return all;
  } finally {
    frames.dispose();
  }
}
