import type { Page, Worker } from 'playwright-core';

/** What TensorFlow.js says of its memory. */
export interface TensorMemory {
  readonly numTensors: number;
  readonly numBytes: number;
  /** Textures in use and kept for use again; webgl only. */
  readonly numBytesInGPU?: number;
  readonly numBytesInGPUAllocated?: number;
}

/** Names of the global scope that the functions below use where they run: on the page and in its workers. */
declare const gc: (() => void) | undefined;
/** TF.js keeps its engine here: tfjs-core/src/engine.ts, getOrMakeEngine. */
declare const _tfengine: { memory(): TensorMemory } | undefined;

/** The workers that answer: TF.js's own threads, from blob addresses, sleep for ever. */
function ownWorkers(page: Page): Worker[] {
  return page.workers().filter((worker) => !worker.url().startsWith('blob:'));
}

/** Collects the garbage of the page and its workers. Chromium must have been started with --js-flags=--expose-gc. */
export async function collectGarbage(page: Page): Promise<void> {
  // Twice: what one collection finalises, the next gives back.
  for (let round = 0; round < 2; round++) {
    await page.evaluate(() => gc?.());
    for (const worker of ownWorkers(page)) await worker.evaluate(() => gc?.());
    await page.waitForTimeout(500);
  }
}

/** The tensors of the worker that has TensorFlow.js. */
export async function tensorMemory(page: Page): Promise<TensorMemory | undefined> {
  for (const worker of ownWorkers(page)) {
    const memory = await worker.evaluate(() => (typeof _tfengine === 'undefined' ? undefined : _tfengine.memory()));
    if (memory) return memory;
  }
  return undefined;
}

/** Bytes of all scripts of the page and its workers: https://wicg.github.io/performance-measure-memory/ */
export async function scriptBytes(page: Page): Promise<number | undefined> {
  return page.evaluate(async () => {
    const measuring = performance as unknown as {
      measureUserAgentSpecificMemory?: () => Promise<{ readonly bytes: number }>;
    };
    return (await measuring.measureUserAgentSpecificMemory?.())?.bytes;
  });
}
