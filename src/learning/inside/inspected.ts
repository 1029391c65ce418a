import { buildGraph } from '../../model/graph/build-graph.ts';
import { type ModelManifest, mainNetwork, type StoredNetwork } from '../../model/manifest.ts';

/** Most frames of the patch that is looked into: a gradient through more takes several seconds. */
const MAX_FRAMES = 256;

/**
 * The network of a model that is looked into: that of the vocals, alone, on as many bins as the fast quality has, and on no
 * more than 256 frames, for it is fully convolutional. Its mask is made by a sigmoid, also where the separation makes it of
 * several networks' logits.
 *
 * @param manifest with all its qualities
 */
export function inspectedManifest(manifest: ModelManifest): ModelManifest {
  const [stem, network] = mainNetwork(manifest);
  const { patch, qualities } = manifest;
  const alone: StoredNetwork = network.family === 'spleeter' ? { ...network, output: 'mask' } : network;
  const fits = MAX_FRAMES % 2 ** buildGraph(network).depth === 0;
  return {
    ...manifest,
    patch: {
      ...patch,
      bins: qualities?.fast.bins ?? patch.bins,
      frames: fits ? Math.min(patch.frames, MAX_FRAMES) : patch.frames,
    },
    // What is above the band is told by what is in it.
    highBand: qualities?.fast.highBand ?? manifest.highBand,
    networks: { [stem]: alone },
    combine: { kind: 'single' },
    qualities: undefined,
  };
}
