import type { NetworkDescription } from '../manifest.ts';
import type { LayerGraph } from './layer-graph.ts';
import { buildSpleeter } from './spleeter.ts';
import { buildUnet } from './unet.ts';

/** The operations of a network, by its family. */
export function buildGraph(network: NetworkDescription): LayerGraph {
  switch (network.family) {
    case 'unet':
      return buildUnet(network);
    case 'spleeter':
      return buildSpleeter(network);
  }
}
