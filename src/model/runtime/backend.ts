import * as tf from '@tensorflow/tfjs-core';
import { BackendError, messageOf } from '../../core/errors.ts';
import { listMessage, type Message, message } from '../../core/message.ts';
import type { LoadedModel } from '../load.ts';
import { filesOf, mainNetwork } from '../manifest.ts';
import { probeShape } from '../network-shape.ts';
import { graphicsDevice } from './graphics-device.ts';
import { networkOnBackend } from './network-on-backend.ts';
import { probeError, probeInput } from './probe.ts';
import { runNetworks } from './run-network.ts';

/** Names of TF.js's backends; backend.browser.ts and backend.node.ts list those to choose from. */
export type BackendName = 'webgpu' | 'webgl' | 'wasm' | 'cpu' | (string & {});

/** Result of the probe on a backend: one input of the model's first network, compared with known values and timed. */
export interface BackendReport {
  readonly name: BackendName;
  readonly ok: boolean;
  /** Why it is not used, as a clause. */
  readonly reason?: Message;
  /** Milliseconds of the second run of the probe; the first compiles and uploads. */
  readonly probeMs?: number;
  /** Largest difference from the known values. */
  readonly maxError?: number;
  /** Threads that compute at the same time; the probe ran on one. Default: 1. */
  readonly threads?: number;
}

export interface BackendChoice {
  readonly backend: BackendName;
  readonly report: readonly BackendReport[];
}

/** Stores one JSON value between visits. */
export interface ProbeStore {
  get(): unknown | Promise<unknown>;
  set(value: unknown): void | Promise<void>;
}

export interface ChooseOptions {
  /** The backends to try. Default: all, the usually fastest first. */
  readonly order?: readonly BackendName[];
  /** The backend that the person asked for; used if it computes correctly. */
  readonly override?: BackendName;
  /** Remembers the choice, so that the next visit probes only that backend. */
  readonly store?: ProbeStore;
  /** Threads that will compute at the same time on each backend. Default: 1. */
  readonly threads?: Readonly<Partial<Record<BackendName, number>>>;
  /** Milliseconds, for the tests. */
  readonly now?: () => number;
}

/**
 * The largest difference from the known values that passes. Half-precision graphics hardware has about 0.003 on a mask,
 * an error 50 dB below the song; a faulty driver is off by tenths.
 */
const TOLERANCE = 0.01;
/** Backends so slow that they are tried only when nothing else works. */
const LAST_RESORT = 'cpu';

/**
 * Chooses the fastest backend that computes correctly, and makes it the current one. A graphics driver may be faulty,
 * or software that is slower than wasm; only a run shows it.
 *
 * @throws BackendError when no backend computes correctly; its values hold the reasons
 */
export async function chooseBackend(model: LoadedModel, options: ChooseOptions = {}): Promise<BackendChoice> {
  const {
    order = ['webgpu', 'webgl', 'wasm', 'cpu'],
    override,
    store,
    threads,
    now = () => performance.now(),
  } = options;
  const report: BackendReport[] = [];
  const attempt = async (name: BackendName): Promise<boolean> => {
    if (report.some((line) => line.name === name)) return false;
    const line = await probeBackend(model, name, now);
    report.push(threads?.[name] === undefined ? line : { ...line, threads: threads[name] });
    return line.ok;
  };
  const choose = async (backend: BackendName): Promise<BackendChoice> => {
    for (const { name } of report) if (name !== backend) await resetBackend(name);
    await useBackend(backend);
    return { backend, report };
  };

  if (override !== undefined && (await attempt(override))) return choose(override);

  const key = memoryKey(model, order);
  const remembered = override === undefined ? recall(await store?.get(), key) : undefined;
  if (remembered && (await attempt(remembered.backend))) {
    const choice = await choose(remembered.backend);
    const others = remembered.report.filter((line) => line.name !== remembered.backend);
    return { ...choice, report: [...report, ...others] };
  }

  const postponed: BackendName[] = [];
  for (const name of order) {
    if (report.some((line) => line.name === name)) continue;
    if (name === LAST_RESORT || (await isSoftware(name))) postponed.push(name);
    else await attempt(name);
  }
  for (const name of postponed) {
    if (!report.some((line) => line.ok)) await attempt(name);
    else if (name !== LAST_RESORT) report.push({ name, ok: false, reason: message('backend.software') });
  }
  const [best] = report.filter((line) => line.ok).sort((a, b) => sharedProbeMs(a)! - sharedProbeMs(b)!);
  if (!best) {
    const reasons = listMessage(report.map(({ name, reason = '–' }) => message('backend.reason', { name, reason })));
    throw new BackendError('backend.none-works', { reasons });
  }
  const choice = await choose(best.name);
  if (override === undefined) await store?.set({ key, ...choice });
  return choice;
}

/** What another thread brings, of one: 0.8 with Spleeter’s best, 0.4 to 0.7 with quicker models (docs/benchmarks.md). */
const GAIN_OF_THREAD = 0.7;

/** The probe's milliseconds as they would be on all threads of the backend. */
export function sharedProbeMs({
  probeMs,
  threads = 1,
}: Pick<BackendReport, 'probeMs' | 'threads'>): number | undefined {
  return probeMs === undefined ? undefined : probeMs / (1 + GAIN_OF_THREAD * (threads - 1));
}

/** Software rendering is ten times slower than wasm, and its probe takes seconds: not worth timing while wasm works. */
async function isSoftware(name: BackendName): Promise<boolean> {
  try {
    await useBackend(name);
    return graphicsDevice()?.isSoftware ?? false;
  } catch {
    // Its probe reports why.
    return false;
  }
}

/** Runs the model's probe on one backend, which becomes the current one. Throws nothing. */
export async function probeBackend(
  model: LoadedModel,
  name: BackendName,
  now: () => number = () => performance.now(),
): Promise<BackendReport> {
  const { manifest } = model;
  try {
    await useBackend(name);
    const network = await networkOnBackend(model, mainNetwork(manifest)[0]);
    try {
      const shape = probeShape(manifest);
      const values = probeInput(manifest.probe.seed, shape);
      const run = async () => (await runNetworks([network], values, 1, shape))[0];
      const maxError = probeError(await run(), manifest.probe);
      if (!(maxError <= TOLERANCE)) {
        return { name, ok: false, reason: message('backend.wrong', { error: maxError.toPrecision(2) }), maxError };
      }
      const start = now();
      await run();
      return { name, ok: true, probeMs: now() - start, maxError };
    } finally {
      network.dispose();
    }
  } catch (error) {
    return { name, ok: false, reason: messageOf(error) };
  }
}

/** Makes a backend the current one. @throws BackendError when it cannot start here */
export async function useBackend(name: BackendName): Promise<void> {
  let cause: unknown;
  try {
    if (await tf.setBackend(name)) return;
  } catch (error) {
    cause = error;
  }
  throw new BackendError('backend.cannot-start', { name }, { cause });
}

/** Ends a backend and frees its memory; it can start again. Dispose of its tensors first. */
export async function resetBackend(name: BackendName): Promise<void> {
  const factory = tf.findBackendFactory(name);
  if (!factory) return;
  tf.removeBackend(name);
  tf.registerBackend(name, factory);
}

/** Changes whenever an earlier choice may no longer hold. */
function memoryKey({ manifest }: LoadedModel, order: readonly BackendName[]): string {
  const agent = globalThis.navigator?.userAgent ?? '';
  const files = filesOf(manifest).map((file) => file.sha256.slice(0, 8));
  // The figure stands for what a report holds.
  return [3, tf.version_core, agent, order, manifest.id, files].join(' ');
}

function recall(value: unknown, key: string): BackendChoice | undefined {
  const kept = value as (Partial<BackendChoice> & { key?: unknown }) | null | undefined;
  const sound = kept?.key === key && typeof kept.backend === 'string' && Array.isArray(kept.report);
  return sound ? (kept as BackendChoice) : undefined;
}
