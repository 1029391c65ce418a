import { idealRatioMask } from '../../src/metrics/oracle.ts';
import type { ModelManifest } from '../../src/model/manifest.ts';
import type { Predictor } from '../../src/model/predictor.ts';
import { channelSelectors } from '../../src/separation/mask-predictor.ts';
import { type ChannelSelector, MixtureFrames } from '../../src/separation/mixture-frames.ts';
import { firstFrameOf, patchGrid } from '../../src/separation/patch-grid.ts';
import { DEFAULTS } from '../../src/separation/separate.ts';
import type { Stems } from './evaluate-stems.ts';

/**
 * A predictor that knows the true stems: it gives their ideal ratio mask (α = 2) in a model's own STFT and band. Its
 * separation is the upper limit of the model's. Above the band the model's own rule applies.
 */
export async function idealModel(stems: Stems, manifest: ModelManifest): Promise<Predictor> {
  const rest = stems.mixture.map((channel, c) => channel.map((value, n) => value - stems.vocals[c][n]));
  const { frames: patchFrames, bins } = manifest.patch;
  const masks: Float32Array[] = [];
  for (const selector of channelSelectors(stems.mixture.length, manifest)) {
    const vocals = await framesOf(stems, stems.vocals, manifest, selector);
    masks.push(idealRatioMask(vocals, await framesOf(stems, rest, manifest, selector), 2));
  }
  const size = patchFrames * bins;
  const grid = patchGrid(masks[0].length / bins, patchFrames, DEFAULTS.overlap);
  let patch = 0;
  return {
    manifest: { ...manifest, id: `ideal of ${manifest.id}`, normalisation: { kind: 'none' }, qualities: undefined },
    async predict(patches, count) {
      const out = new Float32Array(patches.length);
      for (let n = 0; n < count; n++, patch++) {
        const first = firstFrameOf(grid, patch) * bins;
        masks.forEach((mask, c) => {
          out.set(mask.subarray(first, first + size), (n * masks.length + c) * size);
        });
      }
      return out;
    },
  };
}

/** Magnitudes, frames × bins, of one channel of the network's input. */
async function framesOf(
  { sampleRate }: Stems,
  channels: Stems['vocals'],
  manifest: ModelManifest,
  selector: ChannelSelector,
): Promise<Float32Array> {
  const frames = await MixtureFrames.open({ sampleRate, channels }, manifest, selector);
  try {
    const all = new Float32Array(frames.frames * manifest.patch.bins);
    await frames.read(frames.frames, all, 0);
    return all;
  } finally {
    frames.dispose();
  }
}
