import * as Comlink from 'comlink';
import type { AudioData } from '../audio/audio-data.ts';
import type { PcmSource } from '../audio/pcm-source.ts';
import { exposeEngine } from '../core/expose-engine.ts';
import { freeMemory } from '../core/memory.ts';
import { message } from '../core/message.ts';
import type { StartOnPage } from '../core/page-started-worker.ts';
import type { LoadedModel } from '../model/load.ts';
import type { ModelManifest, Quality } from '../model/manifest.ts';
import { networkShape } from '../model/network-shape.ts';
import { BROWSER_BACKENDS, prepareBackends } from '../model/runtime/backend.browser.ts';
import { type BackendReport, chooseBackend, resetBackend } from '../model/runtime/backend.ts';
import { MaskModel, type NetworksOn } from '../model/runtime/mask-model.ts';
import { NetworkPool } from '../model/runtime/network-pool.ts';
import { networkWorkerCount, networkWorkers } from '../model/runtime/network-workers.browser.ts';
import { LocalNetworks } from '../model/runtime/networks.ts';
import { defaultQuality, realTimeFactor } from '../model/runtime/speed.ts';
import { batchSizeOf } from './batch-size.ts';
import { buildModel, examineModel, keepModel, loadChosen, modelEntries, removeModel } from './model-registry.ts';
import { Priority } from './priority.ts';
import { probeStore } from './probe-storage.ts';
import { RecoveringPredictor } from './recovering-predictor.ts';
import { separate } from './separate.ts';
import type { EngineEvent, EngineOptions, EngineStatus, SeparationEngine } from './separation-engine.ts';
import type { PortSong, SeparationChunk } from './types.ts';
import { warmUpCode } from './warm-up-code.ts';

/** Milliseconds without work after which the networks' workers may have ended, or are about to. */
const IDLE_MS = 50_000;

/** Workers that compute the networks on wasm. */
const WORKERS = networkWorkerCount(navigator);

/** What to move to, one after the other: on wasm the workers, then this one. */
const BACKEND_STEPS: readonly string[] = BROWSER_BACKENDS.flatMap((name) =>
  name === 'wasm' && WORKERS > 0 ? [name, name] : [name],
);

prepareBackends(WORKERS === 0);

/** Starts a worker of the networks on the page. */
let startOnPage: StartOnPage | undefined;
let predictor: RecoveringPredictor | undefined;
let model: MaskModel | undefined;
let preparing: Promise<unknown> = Promise.resolve();
let batchSize = 1;
/** The quality that is used unless another is asked for. */
let usualQuality: Quality | undefined;
/** When the networks ran last. */
let lastRun = 0;
let lastJob = 0;
/** Settles with the piece in progress, or the warm-up. */
let working: Promise<unknown> = Promise.resolve();
const jobs = new Map<number, AsyncGenerator<SeparationChunk>>();
/** The place that each job does next. */
const priorities = new Map<number, Priority>();
/** Songs that are read from another worker, by job. */
const remotes = new Map<number, RemoteSong>();

async function prepare(options: EngineOptions, onEvent: (event: EngineEvent) => void): Promise<EngineStatus> {
  // One after the other: TF.js has one current backend.
  const before = preparing.catch(() => undefined);
  const status = before.then(() => load(options, onEvent));
  preparing = status;
  return status;
}

async function load(options: EngineOptions, onEvent: (event: EngineEvent) => void): Promise<EngineStatus> {
  const loaded = await loadChosen(options.model, options.modelsUrl, {
    onProgress: (loadedBytes, totalBytes) => onEvent({ kind: 'loading-model', loadedBytes, totalBytes }),
  });
  await unload();
  onEvent({ kind: 'probing', backend: options.backend ?? BROWSER_BACKENDS.join(', ') });
  const { backend, report } = await chooseBackend(loaded, {
    order: BROWSER_BACKENDS,
    override: options.backend,
    store: probeStore(),
    threads: { wasm: Math.max(1, WORKERS) },
  });
  if (options.backend !== undefined && options.backend !== backend) {
    onEvent({ kind: 'note', message: message('backend.replaced', { wished: options.backend, used: backend }) });
  }
  // The probe's memory goes: the workers have their own.
  if (backend === 'wasm' && WORKERS > 0) await resetBackend(backend);
  model = await MaskModel.create(loaded, backend, networksOf(loaded));
  batchSize = batchSizeOf(backend, networkShape(loaded.manifest));
  model.batchSize = batchSize;
  const { quality, speeds } = qualityFor(loaded.manifest, report, backend, options.quality);
  const recovering = new RecoveringPredictor(model, {
    fallbacks: BACKEND_STEPS.slice(BACKEND_STEPS.indexOf(backend) + 1),
    onNote: (note) => onEvent({ kind: 'note', message: note }),
  });
  await recovering.warmUp(quality);
  predictor = recovering;
  usualQuality = quality;
  lastRun = performance.now();
  const { id, title } = loaded.manifest;
  const status: EngineStatus = { backend: model.backend, report, model: { id, title }, quality, speeds };
  onEvent({ kind: 'ready', status });
  return status;
}

/** On wasm, workers compute the networks; where they fail, this one does. */
function networksOf(loaded: LoadedModel): NetworksOn {
  let workers = WORKERS;
  return (backend) => {
    if (backend !== 'wasm' || workers === 0 || !startOnPage) return new LocalNetworks(loaded);
    const pool = new NetworkPool(loaded, networkWorkers(loaded, workers, startOnPage));
    workers = 0;
    return pool;
  };
}

/** The quality to use, and how fast each is on the backend. */
function qualityFor(
  manifest: ModelManifest,
  report: readonly BackendReport[],
  backend: string,
  wanted: Quality | undefined,
): Pick<EngineStatus, 'quality' | 'speeds'> {
  if (!manifest.qualities) return {};
  const probed = report.find(({ name }) => name === backend) ?? {};
  const speed = (quality: Quality) => realTimeFactor(manifest, probed, quality);
  return { quality: wanted ?? defaultQuality(manifest, probed), speeds: { best: speed('best'), fast: speed('fast') } };
}

/** Ends the jobs once their patch in progress is done, and frees the model's memory. */
async function unload(): Promise<void> {
  // A running generator returns after its piece in progress; one that failed has ended already.
  await Promise.all([working, ...[...jobs.values()].map((job) => job.return(undefined))]);
  jobs.clear();
  await model?.dispose();
  model = undefined;
  predictor = undefined;
}

const engine: SeparationEngine = {
  async startNetworksBy(start) {
    startOnPage = start;
  },

  prepare,

  async warmUp(wanted) {
    const warming = working.then(async () => {
      if (!predictor || jobs.size > 0) return;
      const quality = predictor.manifest.qualities && (wanted ?? usualQuality);
      const ended = model?.backend === 'wasm' && performance.now() - lastRun > IDLE_MS;
      await Promise.all([ended && predictor.warmUp(quality), warmUpCode(predictor.manifest, quality)]);
      lastRun = performance.now();
    });
    working = warming.catch(() => undefined);
    await warming;
  },

  async open(song, options) {
    if (!predictor) throw new Error('prepare() comes before open().');
    const remote = 'port' in song ? onPort(song) : undefined;
    if (remote) remotes.set(lastJob + 1, remote);
    const priority = new Priority();
    jobs.set(++lastJob, separate(remote ?? (song as AudioData), predictor, { batchSize, ...options, priority }));
    priorities.set(lastJob, priority);
    return lastJob;
  },

  async prioritise(job, sample) {
    priorities.get(job)?.at(sample);
  },

  async next(job) {
    // One piece at a time, also when another song overtakes: two would compete for the backend.
    const piece = working.then(() => jobs.get(job)?.next());
    working = piece.catch(() => undefined);
    const result = await piece;
    lastRun = performance.now();
    if (!result || result.done) return undefined;
    const { vocals, accompaniment, spectrogram } = result.value;
    return handOver(result.value, [...vocals, ...accompaniment, spectrogram.mixture, spectrogram.mask]);
  },

  async close(job) {
    remotes.get(job)?.end();
    remotes.delete(job);
    priorities.delete(job);
    // A read that fails because the song was closed is of no interest now.
    await jobs.get(job)?.return(undefined);
    jobs.delete(job);
  },

  models: modelEntries,

  async presets() {
    return (await import('../model/import/import-checkpoint.ts')).presetList();
  },

  examine: examineModel,

  async build(request) {
    const built = await buildModel(request);
    return handOver(built, [...built.files.values()]);
  },

  keep: keepModel,
  remove: removeModel,
};

/** A song that another worker reads. `end` rejects open reads, which that worker may never answer. */
interface RemoteSong extends PcmSource {
  end(): void;
}

function onPort({ port, sampleRate, channelCount, samples }: PortSong): RemoteSong {
  const remote = Comlink.wrap<Pick<PcmSource, 'read'>>(port);
  let end: () => void = () => undefined;
  const ended = new Promise<never>((_, reject) => {
    end = () => {
      port.close();
      reject(new DOMException('The song was closed.', 'AbortError'));
    };
  });
  ended.catch(() => undefined);
  let last: readonly Float32Array[] = [];
  const read = async (start: number, stop: number) => {
    // The caller uses them until the next call only.
    freeMemory(last);
    last = await Promise.race([remote.read(start, stop), ended]);
    return last;
  };
  return { sampleRate, channelCount, samples, read, end };
}

/** Transfers the arrays' memory to the page without a copy. */
function handOver<T extends object>(value: T, arrays: readonly ArrayBufferView[]): T {
  return Comlink.transfer(value, [...new Set(arrays.map((array) => array.buffer as ArrayBuffer))]);
}

exposeEngine(engine);
