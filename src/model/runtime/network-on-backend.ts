import { buildGraph } from '../graph/build-graph.ts';
import { copiesAtOnce, createNetwork, type FastNetwork, type NetworkOptions } from '../graph/compile-fused.ts';
import type { LoadedModel } from '../load.ts';
import type { Stem } from '../manifest.ts';
import { freeWeights } from '../weights.ts';

/** Creates one network of a model on the current backend. */
export async function networkOnBackend(
  loaded: LoadedModel,
  stem: Stem,
  options?: NetworkOptions,
): Promise<FastNetwork> {
  const weights = await loaded.readWeights(stem);
  const network = createNetwork(buildGraph(loaded.manifest.networks[stem]!), weights, options);
  if (copiesAtOnce()) freeWeights(weights);
  return network;
}
