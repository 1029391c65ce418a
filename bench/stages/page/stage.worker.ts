import type { AudioData } from '../../../src/audio/audio-data.ts';
import { exposeEngine } from '../../../src/core/expose-engine.ts';
import { browserCache } from '../../../src/model/byte-cache.ts';
import { loadModel } from '../../../src/model/load.ts';
import type { Quality } from '../../../src/model/manifest.ts';
import { networkShape } from '../../../src/model/network-shape.ts';
import { prepareBackends } from '../../../src/model/runtime/backend.browser.ts';
import { batchSizeOf } from '../../../src/separation/batch-size.ts';
import { measureBackend } from '../measure-backend.ts';

const worker = {
  /** Measures the stages on one backend; each backend needs a worker of its own. */
  async measure(
    modelUrl: string,
    song: AudioData,
    settings: { readonly backend: string; readonly quality?: Quality; readonly repeats: number },
  ) {
    prepareBackends();
    const loaded = await loadModel(modelUrl, { cache: browserCache() });
    const clocks = { wall: () => performance.now() };
    const batchSize = batchSizeOf(settings.backend, networkShape(loaded.manifest));
    return measureBackend(loaded, { ...settings, song, clocks, batchSize });
  },
};

export type StageWorker = typeof worker;

exposeEngine(worker);
