import * as Comlink from 'comlink';
import { retryAfterCrash, WorkerBridge } from '../../core/worker-bridge.ts';
import type { LoadedModel } from '../load.ts';
import type { Stem, StoredNetwork } from '../manifest.ts';
import type { NamedWeights } from '../weights.ts';
import type { NetworkEngine } from './network-engine.ts';
import type { NetworkThread } from './network-pool.ts';

/**
 * A worker that computes networks. Where it crashes, a fresh one with the same networks takes its place.
 *
 * @param start starts the script of such a worker: it exposes a NetworkEngine
 * @param idleMs milliseconds without work after which the worker ends; the next work starts it again. Default: never
 */
export function networkWorker(
  { readWeights, manifest }: LoadedModel,
  start: () => Worker,
  idleMs?: number,
): NetworkThread {
  const stems = new Set<Stem>();
  const load = (engine: Pick<NetworkEngine, 'load'>, stem: Stem, network: StoredNetwork, weights: NamedWeights) =>
    engine.load(stem, network, Comlink.transfer(weights, buffersOf(weights)));
  const bridge = new WorkerBridge<NetworkEngine>(start, {
    idleMs,
    async setUp(engine) {
      for (const stem of stems) await load(engine, stem, manifest.networks[stem]!, await readWeights(stem));
    },
  });
  return {
    async load(stem, network, weights) {
      await load(bridge.engine, stem, network, weights);
      stems.add(stem);
    },
    async unload(stem) {
      stems.delete(stem);
      await bridge.engine.unload(stem);
    },
    run: (...input) => retryAfterCrash(() => bridge.engine.run(...input)),
    end: () => bridge.dispose(),
  };
}

function buffersOf(weights: NamedWeights): ArrayBuffer[] {
  return [...new Set([...weights.values()].map(({ values }) => values.buffer as ArrayBuffer))];
}
