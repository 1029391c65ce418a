import { pageStartedWorker, type StartOnPage } from '../../core/page-started-worker.ts';
import type { LoadedModel } from '../load.ts';
import type { NetworkThread } from './network-pool.ts';
import { networkWorker } from './network-worker.ts';

const MAX_WORKERS = 4;
/** Of the device's memory, in GiB, for each worker: a network with its tensors takes 0.2, and others need some, too. */
const MIN_MEMORY_PER_WORKER = 2;
/** Where the browser does not tell. */
const USUAL_MEMORY = 4;
/** Milliseconds without work after which a worker ends and frees its memory. */
const IDLE_MS = 60_000;

/** What a browser tells of the device. */
export interface Device {
  readonly hardwareConcurrency?: number;
  /** In GiB, 8 at most: https://www.w3.org/TR/device-memory/. */
  readonly deviceMemory?: number;
}

/** How many workers pay for networks on wasm on this device; 0 where one would be left. */
export function networkWorkerCount({ hardwareConcurrency = 1, deviceMemory = USUAL_MEMORY }: Device): number {
  const count = Math.min(MAX_WORKERS, hardwareConcurrency, Math.floor(deviceMemory / MIN_MEMORY_PER_WORKER));
  return count < 2 ? 0 : count;
}

/**
 * Workers of the browser that compute a model's networks on wasm, for the separation worker.
 *
 * @param start starts a network.worker.ts on the page
 */
export function networkWorkers(loaded: LoadedModel, count: number, start: StartOnPage): readonly NetworkThread[] {
  return Array.from({ length: count }, () => networkWorker(loaded, () => pageStartedWorker(start), IDLE_MS));
}
