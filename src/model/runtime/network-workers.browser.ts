import type { LoadedModel } from '../load.ts';
import type { NetworkThread } from './network-pool.ts';
import { networkWorker } from './network-worker.ts';

/** Each worker has memory of its own for a network and its tensors: about 150 MB. */
const MAX_WORKERS = 4;
/** Milliseconds without work after which a worker ends and frees its memory. */
const IDLE_MS = 60_000;

/** How many workers pay for networks on wasm in this browser; 0 where none does. */
export function networkWorkerCount(): number {
  const count = Math.min(MAX_WORKERS, navigator.hardwareConcurrency || 1);
  // Older WebKits start no worker from a worker.
  return count < 2 || typeof Worker === 'undefined' ? 0 : count;
}

/** Workers of the browser that compute a model's networks on wasm. */
export function networkWorkers(loaded: LoadedModel, count: number): readonly NetworkThread[] {
  return Array.from({ length: count }, () => networkWorker(loaded, startWorker, IDLE_MS));
}

function startWorker(): Worker {
  return new Worker(new URL('./network.worker.ts', import.meta.url), { type: 'module', name: 'network' });
}
