import type { NetworkDescription } from '../manifest.ts';
import type { LayerGraph } from './layer-graph.ts';
import { buildSpleeter } from './spleeter.ts';
import { buildUnet } from './unet.ts';

/** Builds the layer graph of a network with the builder of its family. */
export function buildGraph(network: NetworkDescription): LayerGraph {
  switch (network.family) {
    case 'unet':
      return buildUnet(network);
    case 'spleeter':
      return buildSpleeter(network);
  }
}
