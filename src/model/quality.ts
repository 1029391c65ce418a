import { ParameterError } from '../core/errors.ts';
import { type ModelManifest, networksOf, type Quality } from './manifest.ts';

/**
 * The manifest of a model at one of its qualities: the networks that run, their bins, and how their estimates combine.
 * The result has no qualities.
 *
 * @param quality Default: the best
 * @throws ParameterError when the model has no such quality
 */
export function atQuality(manifest: ModelManifest, quality?: Quality): ModelManifest {
  const { qualities, ...rest } = manifest;
  if (!qualities) {
    if (quality === undefined) return manifest;
    throw new ParameterError('parameter.quality', { id: manifest.id, quality });
  }
  const { networks, bins, highBand = manifest.highBand } = qualities[quality ?? 'best'];
  const running = networksOf(manifest).filter(([stem]) => networks.includes(stem));
  return {
    ...rest,
    patch: { ...manifest.patch, bins },
    networks: Object.fromEntries(running),
    combine: running.length === 1 ? { kind: 'single' } : manifest.combine,
    highBand,
  };
}
