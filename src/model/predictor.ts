import type { ModelManifest, Quality } from './manifest.ts';
import { atQuality } from './quality.ts';

export interface PredictOptions {
  /** Default: the model's best. */
  readonly quality?: Quality;
  /**
   * Gives what the network says instead: a mask of its own stem, or a magnitude in the scale of the patches, not limited to
   * theirs. For models with one network.
   */
  readonly raw?: boolean;
  /**
   * Frames of a patch that hold sound, where the song ends within its only patch: the networks run on no more of it than that
   * and what rounds it up to their unit. Silence behind the end would change the masks before it. Default: all.
   */
  readonly frames?: number;
}

/** What separation needs of a model: see mask-model.ts. */
export interface Predictor {
  readonly manifest: ModelManifest;
  /**
   * Masks of the vocals.
   *
   * @param patches `count` × channels × frames × bins linear magnitudes (index = ((patch × channels + channel) × frames +
   * frame) × bins + bin); bins are those of the quality
   * @param divisor what the magnitudes of the whole song are divided by, for a model that wants it: see `needsWholeSong`
   * @returns masks in [0, 1], in the same layout
   */
  predict(patches: Float32Array, count: number, divisor?: number, options?: PredictOptions): Promise<Float32Array>;
}

/** A model whose networks can also run as another manifest says. */
export interface VariablePredictor extends Predictor {
  /**
   * The same networks, run as `manifest` says: with another normalisation or combination, or on patches of another size.
   * Lives as long as this model.
   *
   * @param manifest names the same networks, or some of them
   */
  variant(manifest: ModelManifest): Predictor;
}

/**
 * A model at one of its qualities, as a predictor whose manifest says what runs.
 *
 * @throws ParameterError when the model has no such quality
 */
export function predictorAt(model: Predictor, quality?: Quality): Predictor {
  return {
    manifest: atQuality(model.manifest, quality),
    predict: (patches, count, divisor, options) => model.predict(patches, count, divisor, { ...options, quality }),
  };
}

/** Whether a model's magnitudes are divided by something that only the whole song tells. */
export function needsWholeSong({ normalisation }: Pick<ModelManifest, 'normalisation'>): boolean {
  return normalisation.kind === 'song-maximum' || normalisation.kind === 'song-level';
}
