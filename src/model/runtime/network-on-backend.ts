import { buildGraph } from '../graph/build-graph.ts';
import {
  copiesOnCreation,
  createFusedNetwork,
  type FusedNetwork,
  type NetworkOptions,
} from '../graph/compile-fused.ts';
import type { LoadedModel } from '../load.ts';
import type { Stem } from '../manifest.ts';
import { freeWeights } from '../weights.ts';

/** Creates one network of a model on the current backend. */
export async function networkOnBackend(
  loaded: LoadedModel,
  stem: Stem,
  options?: NetworkOptions,
): Promise<FusedNetwork> {
  const weights = await loaded.readWeights(stem);
  const network = createFusedNetwork(buildGraph(loaded.manifest.networks[stem]!), weights, options);
  if (copiesOnCreation()) freeWeights(weights);
  return network;
}
