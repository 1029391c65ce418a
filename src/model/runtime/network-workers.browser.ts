import type { LoadedModel } from '../load.ts';
import type { NetworkThread } from './network-pool.ts';
import { MAX_WORKERS, networkWorker } from './network-worker.ts';

/** Workers of a browser that compute a model's networks on wasm; none where there is one processor only. */
export function networkWorkers(loaded: LoadedModel): readonly NetworkThread[] {
  const count = Math.min(MAX_WORKERS, navigator.hardwareConcurrency ?? 1);
  const start = () => new Worker(new URL('./network.worker.ts', import.meta.url), { type: 'module', name: 'network' });
  return count < 2 ? [] : Array.from({ length: count }, () => networkWorker(loaded, start));
}
