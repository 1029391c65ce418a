import type { ModelManifest } from './manifest.ts';

/** The input and output of a network for one patch: bins × frames × channels. */
export interface NetworkShape {
  readonly bins: number;
  readonly frames: number;
  readonly channels: number;
}

export function networkShape({ patch, channels }: Pick<ModelManifest, 'patch' | 'channels'>): NetworkShape {
  return { bins: patch.bins, frames: patch.frames, channels };
}

/** The input of the probe. */
export function probeShape({ probe, channels }: Pick<ModelManifest, 'probe' | 'channels'>): NetworkShape {
  return { bins: probe.bins, frames: probe.frames, channels };
}
