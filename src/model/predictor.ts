import type { ModelManifest, Quality } from './manifest.ts';
import { atQuality } from './quality.ts';

export interface PredictOptions {
  /** Default: the model's best. */
  readonly quality?: Quality;
  /**
   * Gives the network's own output instead: a mask of its stem, or a magnitude in the scale of the patches, which may
   * exceed the mixture's. For models with one network.
   */
  readonly raw?: boolean;
  /**
   * Frames with sound, where the song is shorter than a patch. The networks run on those alone, rounded up to their
   * unit: silence after the end would change the masks before it. Default: all.
   */
  readonly frames?: number;
  /** Drops what is not done; the call rejects with its reason. */
  readonly signal?: AbortSignal;
}

/** What separation needs of a model: see runtime/mask-model.ts. */
export interface Predictor {
  readonly manifest: ModelManifest;
  /** Calls that keep all its processors busy, at a quality. Default: 1. */
  concurrency?(quality?: Quality): number;
  /**
   * Whether a patch of fewer frames is computed sooner: not where the backend compiles a program for each shape.
   * Default: false.
   */
  readonly isQuickerWhenShort?: boolean;
  /**
   * Masks of the vocals.
   *
   * @param patches `count` × channels × frames × bins linear magnitudes (index = ((patch × channels + channel) × frames
   * + frame) × bins + bin); bins are those of the quality
   * @param divisor divisor of the whole song's magnitudes, for a model that needs one: see `needsWholeSong`
   * @returns masks in [0, 1], in the same layout
   */
  predict(patches: Float32Array, count: number, divisor?: number, options?: PredictOptions): Promise<Float32Array>;
}

/** A model whose networks can also run by another manifest. */
export interface VariablePredictor extends Predictor {
  /**
   * The same networks with another manifest: another normalisation or combination, or patches of another size. Do not
   * use it after this model is disposed.
   *
   * @param manifest names the same networks, or some of them
   */
  variant(manifest: ModelManifest): Predictor;
}

/**
 * A model at one of its qualities; the predictor's manifest has the networks and bins of that quality.
 *
 * @throws ParameterError when the model has no such quality
 */
export function predictorAt(model: Predictor, quality?: Quality): Predictor {
  return {
    manifest: atQuality(model.manifest, quality),
    concurrency: () => model.concurrency?.(quality) ?? 1,
    get isQuickerWhenShort() {
      return model.isQuickerWhenShort;
    },
    predict: (patches, count, divisor, options) => model.predict(patches, count, divisor, { ...options, quality }),
  };
}

/** Whether a model's divisor needs the whole song. */
export function needsWholeSong({ normalisation }: Pick<ModelManifest, 'normalisation'>): boolean {
  return normalisation.kind === 'song-maximum' || normalisation.kind === 'song-level';
}
