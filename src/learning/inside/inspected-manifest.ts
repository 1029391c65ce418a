import { buildGraph } from '../../model/graph/build-graph.ts';
import { type ModelManifest, mainNetwork, type StoredNetwork } from '../../model/manifest.ts';

/** Most frames of the inspected patch: a gradient through more takes several seconds. */
const MAX_FRAMES = 256;

/**
 * The manifest of the network that is inspected: the network of the vocals alone, on as many bins as the fast quality has and
 * on 256 frames at most. It is fully convolutional, so it runs on fewer. A sigmoid makes its mask, also where the
 * separation combines the logits of several networks.
 *
 * @param manifest the model with all its qualities
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
    // Above its band, the fast quality has a rule of its own.
    highBand: qualities?.fast.highBand ?? manifest.highBand,
    networks: { [stem]: alone },
    combine: { kind: 'single' },
    qualities: undefined,
  };
}
