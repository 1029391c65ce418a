import * as Comlink from 'comlink';
import { BROWSER_BACKENDS, prepareBackends } from '../model/backend.browser.ts';
import { chooseBackend } from '../model/backend.ts';
import { browserCache } from '../model/cache.ts';
import { loadModel } from '../model/load.ts';
import { MaskModel } from '../model/mask-model.ts';
import { batchSizeOf } from './batch-size.ts';
import type { EngineEvent, EngineOptions, EngineStatus, SeparationEngine } from './engine.ts';
import { probeStore } from './probe-store.ts';
import { RecoveringPredictor } from './recovering-predictor.ts';
import { separate } from './separate.ts';
import { carryErrors } from './transfer-errors.ts';
import type { SeparationChunk } from './types.ts';

carryErrors();
prepareBackends();

let predictor: RecoveringPredictor | undefined;
let batchSize = 1;
let lastJob = 0;
const jobs = new Map<number, AsyncGenerator<SeparationChunk>>();

async function prepare(options: EngineOptions, onEvent: (event: EngineEvent) => void): Promise<EngineStatus> {
  const loaded = await loadModel(options.modelUrl, {
    cache: browserCache(),
    onProgress: (loadedBytes, totalBytes) => onEvent({ kind: 'loading-model', loadedBytes, totalBytes }),
  });
  onEvent({ kind: 'probing', backend: options.backend ?? BROWSER_BACKENDS.join(', ') });
  const { backend, report } = await chooseBackend(loaded, {
    order: BROWSER_BACKENDS,
    override: options.backend,
    store: probeStore(),
  });
  if (options.backend !== undefined && options.backend !== backend) {
    onEvent({ kind: 'note', message: `The backend “${options.backend}” does not work here; “${backend}” is used.` });
  }
  const model = await MaskModel.create(loaded, backend);
  batchSize = batchSizeOf(backend);
  model.batchSize = batchSize;
  await model.warmUp();
  predictor = new RecoveringPredictor(model, {
    fallbacks: BROWSER_BACKENDS.slice((BROWSER_BACKENDS as readonly string[]).indexOf(backend) + 1),
    onNote: (message) => onEvent({ kind: 'note', message }),
  });
  const { id, title } = loaded.manifest;
  const status: EngineStatus = { backend, report, model: { id, title } };
  onEvent({ kind: 'ready', status });
  return status;
}

const engine: SeparationEngine = {
  prepare,

  async open(song, options) {
    if (!predictor) throw new Error('prepare() comes before open().');
    jobs.set(++lastJob, separate(song, predictor, { batchSize, ...options }));
    return lastJob;
  },

  async next(job) {
    const result = await jobs.get(job)?.next();
    if (!result || result.done) return undefined;
    const { vocals, accompaniment, picture } = result.value;
    const arrays = [...vocals, ...accompaniment, picture.mixture, picture.mask];
    return Comlink.transfer(
      result.value,
      arrays.map((array) => array.buffer),
    );
  },

  async close(job) {
    await jobs.get(job)?.return(undefined);
    jobs.delete(job);
  },
};

Comlink.expose(engine);
