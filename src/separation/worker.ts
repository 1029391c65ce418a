import * as Comlink from 'comlink';
import { BROWSER_BACKENDS, prepareBackends } from '../model/backend.browser.ts';
import { chooseBackend } from '../model/backend.ts';
import { MaskModel } from '../model/mask-model.ts';
import { batchSizeOf } from './batch-size.ts';
import type { EngineEvent, EngineOptions, EngineStatus, SeparationEngine } from './engine.ts';
import { buildModel, keepModel, loadChosen, modelEntries, removeModel } from './model-library.ts';
import { probeStore } from './probe-store.ts';
import { RecoveringPredictor } from './recovering-predictor.ts';
import { separate } from './separate.ts';
import { carryErrors } from './transfer-errors.ts';
import type { SeparationChunk } from './types.ts';

carryErrors();
prepareBackends();

let predictor: RecoveringPredictor | undefined;
let model: MaskModel | undefined;
let preparing: Promise<unknown> = Promise.resolve();
let batchSize = 1;
let lastJob = 0;
const jobs = new Map<number, AsyncGenerator<SeparationChunk>>();

async function prepare(options: EngineOptions, onEvent: (event: EngineEvent) => void): Promise<EngineStatus> {
  // Two at once would change the backend under each other.
  const before = preparing.catch(() => undefined);
  const status = before.then(() => load(options, onEvent));
  preparing = status;
  return status;
}

async function load(options: EngineOptions, onEvent: (event: EngineEvent) => void): Promise<EngineStatus> {
  const loaded = await loadChosen(options.model, options.modelsUrl, (loadedBytes, totalBytes) =>
    onEvent({ kind: 'loading-model', loadedBytes, totalBytes }),
  );
  await unload();
  onEvent({ kind: 'probing', backend: options.backend ?? BROWSER_BACKENDS.join(', ') });
  const { backend, report } = await chooseBackend(loaded, {
    order: BROWSER_BACKENDS,
    override: options.backend,
    store: probeStore(),
  });
  if (options.backend !== undefined && options.backend !== backend) {
    onEvent({ kind: 'note', message: `The backend “${options.backend}” does not work here; “${backend}” is used.` });
  }
  model = await MaskModel.create(loaded, backend);
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

/** Ends the jobs, once their patch in progress is done, and gives the model's memory back. */
async function unload(): Promise<void> {
  // A generator that runs returns after the piece it is making; one whose piece failed has ended already.
  await Promise.all([...jobs.values()].map((job) => job.return(undefined)));
  jobs.clear();
  model?.dispose();
  model = undefined;
  predictor = undefined;
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
    return handOver(result.value, [...vocals, ...accompaniment, picture.mixture, picture.mask]);
  },

  async close(job) {
    await jobs.get(job)?.return(undefined);
    jobs.delete(job);
  },

  models: modelEntries,

  async presets() {
    return (await import('../model/import/import-checkpoint.ts')).presetList();
  },

  async build(order) {
    const built = await buildModel(order);
    return handOver(built, [...built.files.values()]);
  },

  keep: keepModel,
  remove: removeModel,
};

/** The arrays' memory goes to the page without a copy. */
function handOver<T extends object>(value: T, arrays: readonly ArrayBufferView[]): T {
  return Comlink.transfer(value, [...new Set(arrays.map((array) => array.buffer as ArrayBuffer))]);
}

Comlink.expose(engine);
