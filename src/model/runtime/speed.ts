import { buildGraph } from '../graph/build-graph.ts';
import { networkLayers, networkTotals } from '../graph/summary.ts';
import { type ModelManifest, mainNetwork, networksOf, type PatchDescription, type Quality } from '../manifest.ts';
import { atQuality } from '../quality.ts';
import { type BackendReport, sharedProbeMs } from './backend.ts';

/** Multiply-adds of the networks that run at a quality, for one patch. */
export function multiplyAdds(manifest: ModelManifest, quality?: Quality): number {
  const { networks, patch } = atQuality(manifest, quality);
  return networksOf({ networks }).reduce((sum, [, network]) => sum + addsOf(network, patch), 0);
}

function addsOf(network: Parameters<typeof buildGraph>[0], size: Pick<PatchDescription, 'bins' | 'frames'>): number {
  return networkTotals(networkLayers(buildGraph(network), size)).multiplyAdds;
}

/**
 * Seconds of song per second of the networks' time, by the probe. Leaves out STFT, filter and the overlap of patches.
 */
export function realTimeFactor(
  manifest: ModelManifest,
  report: Pick<BackendReport, 'probeMs' | 'threads'>,
  quality?: Quality,
): number {
  const probeMs = sharedProbeMs(report);
  if (probeMs === undefined) return 0;
  const probe = addsOf(mainNetwork(manifest)[1], manifest.probe);
  const { patch, stft, sampleRate } = manifest;
  const patchSeconds = (patch.frames * stft.hop) / sampleRate;
  const seconds = (probeMs / 1000) * (multiplyAdds(manifest, quality) / probe);
  return patchSeconds / seconds;
}

/** The best quality is the default where it runs at this many times real time or faster. */
const MIN_BEST_SPEED = 4;

/** The default quality on a backend; undefined where the model has only one. */
export function defaultQuality(
  manifest: ModelManifest,
  report: Pick<BackendReport, 'probeMs' | 'threads'>,
): Quality | undefined {
  if (!manifest.qualities) return undefined;
  return realTimeFactor(manifest, report, 'best') >= MIN_BEST_SPEED ? 'best' : 'fast';
}
