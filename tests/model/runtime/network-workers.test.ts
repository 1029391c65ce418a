import { describe, expect, it } from 'vitest';
import { networkWorkerCount } from '../../../src/model/runtime/network-workers.browser.ts';

describe('networkWorkerCount', () => {
  it.each([
    { hardwareConcurrency: 1, deviceMemory: 8, workers: 0 },
    { hardwareConcurrency: 2, deviceMemory: 8, workers: 2 },
    { hardwareConcurrency: 16, deviceMemory: 8, workers: 4 },
    { hardwareConcurrency: 8, deviceMemory: 4, workers: 2 },
    { hardwareConcurrency: 8, deviceMemory: 2, workers: 0 },
    { hardwareConcurrency: 8, workers: 2 },
    { deviceMemory: 8, workers: 0 },
  ])('is bounded by processors and memory: $hardwareConcurrency, $deviceMemory GiB', ({ workers, ...device }) => {
    expect(networkWorkerCount(device)).toBe(workers);
  });
});
