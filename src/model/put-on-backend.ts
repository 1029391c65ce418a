import type { LoadedModel } from './load.ts';
import { copiesAtOnce, createNetwork, type FastNetwork, type NetworkOptions } from './network.ts';
import { freeWeights } from './weights.ts';

/** A model's network on the backend in use. */
export async function putOnBackend(loaded: LoadedModel, options?: NetworkOptions): Promise<FastNetwork> {
  const weights = await loaded.readWeights();
  const network = createNetwork(loaded.manifest.network, weights, options);
  if (copiesAtOnce()) freeWeights(weights);
  return network;
}
