import * as tf from '@tensorflow/tfjs-core';
import { BackendError, ParameterError } from '../errors.ts';
import { type BackendName, resetBackend, useBackend } from './backend.ts';
import type { LoadedModel } from './load.ts';
import type { ModelManifest } from './manifest.ts';
import type { FastNetwork } from './network.ts';
import { type NetworkShape, networkShape } from './network-shape.ts';
import { Patch } from './patches.ts';
import { putOnBackend } from './put-on-backend.ts';
import { contextIsLost, runNetwork } from './run-network.ts';

/**
 * The backend failed during a prediction. `recoverable`: smaller batches or another backend (`moveTo`) may go on from
 * the same patches.
 */
export class PredictionError extends BackendError {
  readonly recoverable = true;
}

export interface PredictOptions {
  /** Gives what the network says instead: a mask, or a magnitude in the scale of the patches, not limited to theirs. */
  readonly raw?: boolean;
}

/**
 * Magnitudes in, masks out, by the network on the backend in use.
 *
 * @example
 * const model = await MaskModel.create(await loadModel('models/paper/'));
 * const masks = await model.predict(patches, 2);
 * model.dispose();
 */
export class MaskModel {
  readonly manifest: ModelManifest;
  /**
   * Most patches that are computed at once; memory grows with it. Inputs have this many patches or one, never another
   * number: for every new shape WebGL compiles its programs again.
   */
  batchSize = 1;
  readonly #loaded: LoadedModel;
  readonly #shape: NetworkShape;
  #network: FastNetwork;

  private constructor(loaded: LoadedModel, network: FastNetwork) {
    this.manifest = loaded.manifest;
    this.#loaded = loaded;
    this.#shape = networkShape(this.manifest);
    this.#network = network;
  }

  /**
   * Puts the weights on a backend: the one given, else the one in use (see chooseBackend).
   *
   * @throws BackendError when the backend cannot be started
   */
  static async create(loaded: LoadedModel, backend?: BackendName): Promise<MaskModel> {
    if (backend !== undefined) await useBackend(backend);
    await tf.ready();
    return new MaskModel(loaded, await putOnBackend(loaded));
  }

  /** The backend in use. */
  get backend(): BackendName {
    return tf.getBackend();
  }

  /**
   * Masks of some patches.
   *
   * @param patches `count` × channels × frames × bins linear magnitudes (index = ((patch × channels + channel) × frames +
   * frame) × bins + bin); `channels` are the model's
   * @param songMaximum greatest magnitude of the song, for a model whose normalisation is `song-maximum`
   * @returns masks of the manifest's target, in the same layout, in [0, 1]; a silent patch has no voice
   * @throws ParameterError when the lengths do not fit or songMaximum is needed and missing
   * @throws PredictionError when the backend fails: graphics context lost, out of memory
   */
  async predict(
    patches: Float32Array,
    count: number,
    songMaximum?: number,
    options: PredictOptions = {},
  ): Promise<Float32Array> {
    const { patch, channels } = this.manifest;
    const { frames, bins } = patch;
    const size = channels * frames * bins;
    if (patches.length !== count * size) {
      throw new ParameterError(
        `${count} patches have ${count * size} magnitudes, not ${patches.length}.`,
        `Give whole patches of ${channels === 1 ? '' : `${channels} channels × `}${frames} frames × ${bins} bins.`,
      );
    }
    if (this.manifest.normalisation === 'song-maximum' && songMaximum === undefined) {
      throw new ParameterError('This model needs the song’s greatest magnitude.', 'Give songMaximum.');
    }
    const masks = new Float32Array(patches.length);
    for (let first = 0; first < count; ) {
      const step = Math.min(this.batchSize, count - first);
      const range = [first * size, (first + step) * size] as const;
      await this.#predictBatch(patches.subarray(...range), step, songMaximum, masks.subarray(...range), options);
      first += step;
    }
    return masks;
  }

  /** Computes nothing of use once for each shape, so that the first prediction need not compile. */
  async warmUp(batch = this.batchSize): Promise<void> {
    for (const count of new Set([1, batch])) {
      await this.#run(new Float32Array(count * this.#inputSize), count);
    }
  }

  /**
   * Goes on with another backend, or with the same one after its graphics context was lost.
   *
   * @throws BackendError when it cannot be started
   */
  async moveTo(backend: BackendName): Promise<void> {
    const previous = tf.getBackend();
    const lost = contextIsLost();
    this.dispose();
    if (lost) await resetBackend(previous);
    await useBackend(backend);
    this.#network = await putOnBackend(this.#loaded);
  }

  /** Gives back the weights' memory on the backend. */
  dispose(): void {
    this.#network.dispose();
  }

  async #predictBatch(
    patches: Float32Array,
    count: number,
    songMaximum = 0,
    masks: Float32Array,
    { raw = false }: PredictOptions,
  ): Promise<void> {
    const shape = count === 1 ? 1 : this.batchSize;
    const input = new Float32Array(shape * this.#inputSize);
    const part = (whole: Float32Array, n: number, size: number) => whole.subarray(n * size, (n + 1) * size);
    const size = patches.length / count;
    const all = Array.from({ length: count }, (_, n) => new Patch(part(patches, n, size), this.manifest, songMaximum));
    for (const [n, patch] of all.entries()) patch.writeInput(part(input, n, this.#inputSize));
    const output = await this.#run(input, shape);
    for (const [n, patch] of all.entries()) {
      if (!patch.readMask(part(output, n, this.#inputSize), part(masks, n, size), raw)) {
        throw new PredictionError(`The backend ${this.backend} made values that are no numbers.`, HINT);
      }
    }
  }

  /** Numbers of one patch as the network takes it. */
  get #inputSize(): number {
    const { rows, frames, channels } = this.#shape;
    return rows * frames * channels;
  }

  async #run(values: Float32Array, count: number): Promise<Float32Array> {
    try {
      return await runNetwork(this.#network, values, count, this.#shape);
    } catch (cause) {
      throw new PredictionError(`The backend ${this.backend} failed.`, HINT, { cause });
    }
  }
}

const HINT = 'Use a smaller batch or another backend.';
