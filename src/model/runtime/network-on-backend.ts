import { buildGraph } from '../graph/build-graph.ts';
import {
  copiesOnCreation,
  createFusedNetwork,
  type FusedNetwork,
  type NetworkOptions,
} from '../graph/compile-fused.ts';
import type { LoadedModel } from '../load.ts';
import type { Stem, StoredNetwork } from '../manifest.ts';
import { freeWeights, type NamedWeights } from '../weights.ts';

/** Creates one network of a model on the current backend. */
export async function networkOnBackend(
  loaded: LoadedModel,
  stem: Stem,
  options?: NetworkOptions,
): Promise<FusedNetwork> {
  return createNetwork(loaded.manifest.networks[stem]!, await loaded.readWeights(stem), options);
}

/** Creates a network on the current backend. Frees the weights where the backend has copied them. */
export function createNetwork(network: StoredNetwork, weights: NamedWeights, options?: NetworkOptions): FusedNetwork {
  const created = createFusedNetwork(buildGraph(network), weights, options);
  if (copiesOnCreation()) freeWeights(weights);
  return created;
}
