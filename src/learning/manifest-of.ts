import type { ModelManifest, Quality } from '../model/manifest.ts';
import { atQuality } from '../model/quality.ts';
import { isSameModel, type ModelChoice } from '../separation/model-choice.ts';
import type { SeparationClient } from '../separation/separation-client.ts';

/** The manifest of a model, with all its qualities and at one of them. */
export interface Manifests {
  readonly wholeManifest: ModelManifest;
  readonly manifest: ModelManifest;
}

/**
 * The manifest of a model; of the first model where that one is gone.
 *
 * @param quality Default: the one in use.
 * @throws Error when there is no model at all
 */
export async function manifestOf(
  client: Pick<SeparationClient, 'models' | 'qualityInUse'>,
  model: ModelChoice,
  quality?: Quality,
): Promise<Manifests> {
  const models = await client.models();
  const wholeManifest = (models.find((entry) => isSameModel(entry, model)) ?? models[0])?.manifest;
  if (!wholeManifest) throw new Error('There is no model.');
  const chosen = wholeManifest.qualities && (quality ?? (await client.qualityInUse()));
  return { wholeManifest, manifest: atQuality(wholeManifest, chosen) };
}
