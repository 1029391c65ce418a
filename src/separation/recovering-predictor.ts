import { BackendError, messageOf } from '../core/errors.ts';
import { type Message, message } from '../core/message.ts';
import type { ModelManifest, Quality } from '../model/manifest.ts';
import type { PredictOptions, Predictor } from '../model/predictor.ts';

/** A model that can move to another backend: see model/runtime/mask-model.ts. */
export interface MovablePredictor extends Predictor {
  /** Patches in one call of the network at most. */
  batchSize: number;
  /** Runs the network once for each shape. @throws BackendError when the backend fails */
  warmUp(quality?: Quality): Promise<void>;
  /** @throws BackendError when it does not run there */
  moveTo(backend: string): Promise<void>;
}

export interface RecoveryOptions {
  /** Backends to move to, in this order, when the one in use fails. */
  readonly fallbacks: readonly string[];
  readonly onNote: (note: Message) => void;
}

/**
 * Recovers when the graphics device fails. When memory runs out or the context is lost, it halves the batch; when a
 * single patch fails, it moves the network to the next backend. It predicts the failed patches again, so that the
 * separation continues from the last finished piece. It recovers in the same way while the network warms up.
 */
export class RecoveringPredictor implements Predictor {
  readonly #model: MovablePredictor;
  readonly #onNote: (note: Message) => void;
  readonly #fallbacks: string[];
  /** Settles with the recovery in progress. */
  #recovering: Promise<void> = Promise.resolve();
  /** How often the batch or the backend changed. */
  #recoveries = 0;

  constructor(model: MovablePredictor, options: RecoveryOptions) {
    this.#model = model;
    this.#fallbacks = [...options.fallbacks];
    this.#onNote = options.onNote;
  }

  get manifest(): ModelManifest {
    return this.#model.manifest;
  }

  /** Runs the network once for each shape: see MaskModel. @throws BackendError when every backend failed */
  async warmUp(quality?: Quality): Promise<void> {
    for (;;) {
      try {
        return await this.#model.warmUp(quality);
      } catch (error) {
        if (!(error instanceof BackendError)) throw error;
        await this.#recover(error, this.#model.batchSize);
      }
    }
  }

  concurrency(quality?: Quality): number {
    return this.#model.concurrency?.(quality) ?? 1;
  }

  get isQuickerWhenShort(): boolean {
    return this.#model.isQuickerWhenShort ?? false;
  }

  /** See Predictor. @throws BackendError when every backend failed */
  async predict(
    patches: Float32Array,
    count: number,
    divisor?: number,
    options?: PredictOptions,
  ): Promise<Float32Array> {
    const size = patches.length / count;
    let masks: Float32Array | undefined;
    let done = 0;
    while (done < count) {
      const now = Math.min(this.#model.batchSize, count - done);
      const piece = patches.subarray(done * size, (done + now) * size);
      const recoveries = this.#recoveries;
      try {
        const predicted = await this.#model.predict(piece, now, divisor, options);
        if (now === count) return predicted;
        masks ??= new Float32Array(patches.length);
        masks.set(predicted, done * size);
        done += now;
      } catch (error) {
        if (!(error instanceof BackendError)) throw error;
        // Of calls that fail together, the first one recovers for all.
        const recovery = this.#recovering.then(async () => {
          if (recoveries === this.#recoveries) await this.#recover(error, now);
        });
        this.#recovering = recovery.catch(() => undefined);
        await recovery;
      }
    }
    return masks ?? new Float32Array(0);
  }

  async #recover(error: BackendError, batch: number): Promise<void> {
    if (batch > 1) {
      this.#model.batchSize = Math.floor(batch / 2);
      this.#recoveries++;
      return;
    }
    for (let next = this.#fallbacks.shift(); next !== undefined; next = this.#fallbacks.shift()) {
      try {
        await this.#model.moveTo(next);
        this.#recoveries++;
        this.#onNote(message('backend.moved', { what: messageOf(error), name: next }));
        return;
      } catch (moving) {
        if (!(moving instanceof BackendError)) throw moving;
      }
    }
    throw error;
  }
}
