import * as Comlink from 'comlink';
import type { AudioData } from '../../src/audio/audio-data.ts';
import { prepareBackends } from '../../src/model/backend.browser.ts';
import { browserCache } from '../../src/model/cache.ts';
import { loadModel } from '../../src/model/load.ts';
import { measureBackend } from '../lib/measure-backend.ts';

/** As the engine's worker has it. */
const BATCH: Readonly<Record<string, number>> = { webgl: 4 };

const worker = {
  /** The stages on one backend; a worker takes one backend only. */
  async measure(modelUrl: string, backend: string, song: AudioData, repeats: number) {
    prepareBackends();
    const loaded = await loadModel(modelUrl, { cache: browserCache() });
    const clocks = { wall: () => performance.now() };
    return measureBackend(loaded, { backend, song, clocks, repeats, batchSize: BATCH[backend] ?? 1 });
  },
};

export type StageWorker = typeof worker;

Comlink.expose(worker);
