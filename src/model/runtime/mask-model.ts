import * as tf from '@tensorflow/tfjs-core';
import { BackendError, ParameterError } from '../../core/errors.ts';
import { freeMemory } from '../../core/memory.ts';
import { type Message, message } from '../../core/message.ts';
import type { LoadedModel } from '../load.ts';
import { type ModelManifest, networksOf, type Quality, sizeUnit } from '../manifest.ts';
import { networkShape } from '../network-shape.ts';
import { Patch } from '../patch.ts';
import { needsWholeSong, type PredictOptions, type Predictor, type VariablePredictor } from '../predictor.ts';
import { atQuality } from '../quality.ts';
import { type BackendName, probeBackend, resetBackend, useBackend } from './backend.ts';
import { graphicsDevice } from './graphics-device.ts';
import { LocalNetworks, type Networks } from './networks.ts';

/**
 * The backend failed during a prediction. `recoverable`: a smaller batch or another backend (`moveTo`) may succeed with
 * the same patches.
 */
export class PredictionError extends BackendError {
  readonly recoverable = true;
}

/**
 * Runs a model's networks: magnitudes in, masks of the vocals out.
 *
 * @example
 * const model = await MaskModel.create(await loadModel('models/spleeter/'));
 * const masks = await model.predict(patches, 2, undefined, { quality: 'fast' });
 * model.dispose();
 */
export class MaskModel implements VariablePredictor {
  readonly manifest: ModelManifest;
  /**
   * Patches in one run of the network at most; memory grows with it. Inputs have this many patches or one, no other
   * number: WebGL compiles its programs again for every new shape.
   */
  batchSize = 1;
  readonly #loaded: LoadedModel;
  readonly #networksOn: NetworksOn;
  #networks: Networks;

  private constructor(loaded: LoadedModel, networksOn: NetworksOn) {
    this.manifest = loaded.manifest;
    this.#loaded = loaded;
    this.#networksOn = networksOn;
    this.#networks = networksOn(this.backend);
  }

  /**
   * Prepares a model on a backend: the given one, else the current one (see chooseBackend).
   *
   * @param networksOn where the networks of a backend are computed. Default: in this thread
   * @throws BackendError when the backend cannot be started
   */
  static async create(loaded: LoadedModel, backend?: BackendName, networksOn?: NetworksOn): Promise<MaskModel> {
    if (backend !== undefined) await useBackend(backend);
    await tf.ready();
    return new MaskModel(loaded, networksOn ?? (() => new LocalNetworks(loaded)));
  }

  concurrency(quality?: Quality): number {
    return this.#networks.concurrency(networksOf(atQuality(this.manifest, quality)).length);
  }

  get isQuickerWhenShort(): boolean {
    return !COMPILING.includes(this.backend);
  }

  /** The current backend. */
  get backend(): BackendName {
    return tf.getBackend();
  }

  /**
   * Masks of patches; see Predictor. The mask of a silent patch is 0.
   *
   * @throws ParameterError when the lengths do not fit, or the divisor is needed and missing
   * @throws PredictionError when the backend fails: graphics context lost, out of memory
   */
  predict(patches: Float32Array, count: number, divisor?: number, options?: PredictOptions): Promise<Float32Array> {
    return this.#predict(this.manifest, { patches, count, divisor, options });
  }

  /** See VariablePredictor. */
  variant(manifest: ModelManifest): Predictor {
    return {
      manifest,
      predict: (patches, count, divisor, options) => this.#predict(manifest, { patches, count, divisor, options }),
    };
  }

  /**
   * Puts the networks' weights on the backend. Where the backend compiles a program for each shape, it runs each shape
   * once, so that the first prediction does not wait for that; elsewhere it runs the smallest input.
   */
  async warmUp(quality?: Quality): Promise<void> {
    const at = atQuality(this.manifest, quality);
    const compiles = COMPILING.includes(this.backend);
    const patch = compiles ? at.patch : { ...at.patch, frames: sizeUnit(at) };
    const { bins, frames, channels } = networkShape({ ...at, patch });
    for (const count of compiles ? new Set([1, this.batchSize]) : [1]) {
      await this.#run({ ...at, patch }, new Float32Array(count * bins * frames * channels), count);
    }
  }

  /**
   * Moves to another backend, or to the same one again after it lost its graphics device.
   *
   * @throws BackendError when it cannot be started, or is a graphics card that computes wrongly or slowly
   */
  async moveTo(backend: BackendName): Promise<void> {
    await this.#start(backend);
    const device = graphicsDevice();
    if (!device) return;
    // It may be the first time that this one is used.
    const software = message('backend.software');
    const { reason } = device.isSoftware ? { reason: software } : await probeBackend(this.#loaded, backend);
    if (!reason) return;
    throw new BackendError('backend.none-works', { reasons: message('backend.reason', { name: backend, reason }) });
  }

  /** Frees the weights' memory. */
  async dispose(): Promise<void> {
    await this.#networks.dispose();
  }

  async #predict(whole: ModelManifest, { patches, count, divisor, options = {} }: Prediction): Promise<Float32Array> {
    const at = atQuality(whole, options.quality);
    const { patch, channels } = at;
    const size = channels * patch.frames * patch.bins;
    if (patches.length !== count * size) {
      throw new ParameterError('parameter.magnitudes', {
        count,
        wanted: count * size,
        given: patches.length,
        size: sizeOf(at),
      });
    }
    if (needsWholeSong(at) && divisor === undefined) {
      throw new ParameterError('parameter.divisor');
    }
    const frames = framesToRun(at, options.frames);
    if (frames < patch.frames) return this.#predictShort(at, frames, { patches, count, divisor, options });
    let masks: Float32Array | undefined;
    for (let first = 0; first < count; ) {
      const step = Math.min(this.batchSize, count - first);
      const range = [first * size, (first + step) * size] as const;
      const batch = { patches: patches.subarray(...range), count: step, divisor, options };
      await this.#predictBatch(at, batch, () => {
        // After the networks: patches that wait for them need no masks yet.
        masks ??= new Float32Array(patches.length);
        return masks.subarray(...range);
      });
      first += step;
    }
    return masks ?? new Float32Array(0);
  }

  /** Masks of one patch with sound in its first frames only. */
  async #predictShort(
    manifest: ModelManifest,
    frames: number,
    { patches, divisor, options }: Prediction,
  ): Promise<Float32Array> {
    const { patch, channels } = manifest;
    const [long, short] = [patch.frames * patch.bins, frames * patch.bins];
    const cut = new Float32Array(channels * short);
    for (let c = 0; c < channels; c++) cut.set(patches.subarray(c * long, c * long + short), c * short);
    const shorter = this.variant({ ...manifest, patch: { ...patch, frames } });
    const masks = await shorter.predict(cut, 1, divisor, { raw: options?.raw, signal: options?.signal });
    const spread = new Float32Array(patches.length);
    for (let c = 0; c < channels; c++) spread.set(masks.subarray(c * short, (c + 1) * short), c * long);
    return spread;
  }

  async #predictBatch(
    manifest: ModelManifest,
    { patches, count, divisor = 0, options }: Prediction,
    createMasks: () => Float32Array,
  ): Promise<void> {
    const shape = count === 1 ? 1 : this.batchSize;
    const size = patches.length / count;
    const input = new Float32Array(shape * size);
    const part = (whole: Float32Array, n: number) => whole.subarray(n * size, (n + 1) * size);
    const all = Array.from({ length: count }, (_, n) => new Patch(part(patches, n), manifest, divisor));
    for (const [n, patch] of all.entries()) patch.writeInput(part(input, n));
    const outputs = await this.#run(manifest, input, shape, options?.signal);
    const masks = createMasks();
    for (const [n, patch] of all.entries()) {
      const own = outputs.map(([stem, values]) => [stem, part(values, n)] as const);
      const finite = options?.raw ? patch.readRaw(own, part(masks, n)) : patch.readMask(own, part(masks, n));
      if (!finite) throw new PredictionError('backend.not-finite', { name: this.backend });
    }
    freeMemory([input, ...outputs.map(([, values]) => values)]);
  }

  /**
   * Starts the backend again after a computation on a graphics card failed: weights may be damaged, and the memory that
   * a large batch took stays with TF.js. A lost device is left as it is: another backend goes on.
   */
  async #restart(): Promise<void> {
    if (graphicsDevice()?.isLost === false) await this.#start(this.backend);
  }

  /** Frees the memory of a graphics card that was in use, and makes a backend the current one. */
  async #start(backend: BackendName): Promise<void> {
    const previous = graphicsDevice() && this.backend;
    await this.dispose();
    if (previous !== undefined) await resetBackend(previous);
    await useBackend(backend);
    this.#networks = this.#networksOn(backend);
  }

  /** The output of each network. */
  async #run(manifest: ModelManifest, values: Float32Array, n: number, signal?: AbortSignal) {
    const stems = networksOf(manifest).map(([stem]) => stem);
    try {
      const outputs = await this.#networks.run({ stems, values, n, shape: networkShape(manifest) }, signal);
      return stems.map((stem, at) => [stem, outputs[at]] as const);
    } catch (cause) {
      signal?.throwIfAborted();
      await this.#restart();
      throw new PredictionError('backend.failed', { name: this.backend }, { cause });
    }
  }
}

/** Gives what computes a model's networks on a backend; called again at each move to a backend. */
export type NetworksOn = (backend: BackendName) => Networks;

/** What to predict; see Predictor.predict. */
interface Prediction {
  readonly patches: Float32Array;
  readonly count: number;
  readonly divisor?: number;
  readonly options?: PredictOptions;
}

/** The size of a patch in words. */
function sizeOf({ channels, patch: { frames, bins } }: ModelManifest): Message {
  return channels === 1
    ? message('patch.mono', { frames, bins })
    : message('patch.channels', { channels, frames, bins });
}

/** Backends that compile a program for each shape. */
const COMPILING: readonly BackendName[] = ['webgl', 'webgpu'];

/** Frames that the networks run on: those with sound, rounded up to the networks' unit. */
function framesToRun(manifest: ModelManifest, frames = manifest.patch.frames): number {
  const unit = sizeUnit(manifest);
  return Math.min(manifest.patch.frames, Math.ceil(frames / unit) * unit);
}
