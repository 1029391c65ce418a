import { buildGraph } from '../graph/build-graph.ts';
import { createFusedNetwork, type FusedNetwork, type NetworkOptions } from '../graph/compile-fused.ts';
import type { LoadedModel } from '../load.ts';
import type { Stem, StoredNetwork } from '../manifest.ts';
import type { NamedWeights } from '../weights.ts';

/** Creates one network of a model on the current backend. */
export async function networkOnBackend(
  loaded: LoadedModel,
  stem: Stem,
  options?: NetworkOptions,
): Promise<FusedNetwork> {
  return createNetwork(loaded.manifest.networks[stem]!, await loaded.readWeights(stem), options);
}

/** Creates a network on the current backend. The weights' arrays are the network's from then on. */
export function createNetwork(network: StoredNetwork, weights: NamedWeights, options?: NetworkOptions): FusedNetwork {
  return createFusedNetwork(buildGraph(network), weights, { ...options, ownsWeights: true });
}
