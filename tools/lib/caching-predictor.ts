import type { ModelManifest } from '../../src/model/manifest.ts';
import type { PredictOptions } from '../../src/model/mask-model.ts';
import type { Predictor } from '../../src/separation/separate.ts';

/**
 * A model that computes each patch once and remembers its mask, so that ways to go on from the same masks can be compared
 * without waiting for the network again. What the network would have cost is added up all the same. A patch is
 * asked with the same options every time, since another hearing's patches are others.
 */
export class CachingPredictor implements Predictor {
  readonly manifest: ModelManifest;
  readonly #model: Predictor;
  readonly #masks = new Map<string, Float32Array>();
  #patches = 0;
  #computed = 0;
  #computedMs = 0;

  constructor(model: Predictor, manifest: ModelManifest = model.manifest) {
    this.#model = model;
    this.manifest = manifest;
  }

  /** Patches that were asked for since the last call. */
  takeCount(): number {
    const count = this.#patches;
    this.#patches = 0;
    return count;
  }

  /** Processor time of the network so far, and of a patch on the mean. */
  get networkMs(): number {
    return this.#computedMs;
  }

  get patchMs(): number {
    return this.#computedMs / Math.max(1, this.#computed);
  }

  /** Forgets the masks: to be called between songs. */
  clear(): void {
    this.#masks.clear();
  }

  async predict(
    patches: Float32Array,
    count: number,
    songMaximum?: number,
    options?: PredictOptions,
  ): Promise<Float32Array> {
    const size = patches.length / count;
    const masks = new Float32Array(patches.length);
    this.#patches += count;
    for (let n = 0; n < count; n++) {
      const patch = patches.subarray(n * size, (n + 1) * size);
      const key = keyOf(patch);
      let mask = this.#masks.get(key);
      if (mask === undefined) {
        const before = cpuMs();
        mask = await this.#model.predict(patch, 1, songMaximum, options);
        this.#computedMs += cpuMs() - before;
        this.#computed++;
        this.#masks.set(key, mask);
      }
      masks.set(mask, n * size);
    }
    return masks;
  }
}

/** Processor time of all threads of this process so far. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** FNV-1a over the values' bits. */
function keyOf(values: Float32Array): string {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let a = 0x811c9dc5;
  let b = 0x1234567;
  for (const word of words) {
    a = Math.imul(a ^ word, 0x01000193);
    b = Math.imul(b ^ (word >>> 7), 0x85ebca6b);
  }
  return `${a}:${b}`;
}
