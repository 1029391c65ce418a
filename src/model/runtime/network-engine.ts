import * as Comlink from 'comlink';
import { freeMemory } from '../../core/memory.ts';
import type { FusedNetwork } from '../graph/compile-fused.ts';
import type { Stem } from '../manifest.ts';
import { useBackend } from './backend.ts';
import { createNetwork } from './network-on-backend.ts';
import type { NetworkThread } from './network-pool.ts';
import { runNetworks } from './run-network.ts';

/** What a thread of a NetworkPool offers. */
export type NetworkEngine = Omit<NetworkThread, 'end'>;

/**
 * Runs networks in this thread, on wasm with one thread. Outputs are handed over, not copied.
 *
 * @param prepareBackends registers the backends of the browser or of Node
 */
export function createNetworkEngine(prepareBackends: () => void): NetworkEngine {
  const networks = new Map<Stem, FusedNetwork>();
  let ready: Promise<void> | undefined;
  const start = async () => {
    prepareBackends();
    await useBackend('wasm');
  };
  return {
    async load(stem, network, weights) {
      ready ??= start();
      await ready;
      networks.set(stem, createNetwork(network, weights));
    },
    async unload(stem) {
      networks.get(stem)?.dispose();
      networks.delete(stem);
    },
    async run(stem, values, n, shape, stopper) {
      const network = networks.get(stem);
      if (!network) throw new Error('load() comes before run().');
      try {
        const [output] = await runNetworks([network], values, n, shape, stopper);
        return Comlink.transfer(output, [output.buffer as ArrayBuffer]);
      } finally {
        // A copy of the caller's.
        freeMemory([values]);
      }
    },
  };
}
