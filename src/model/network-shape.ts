import type { ModelDescription } from './manifest.ts';

/** The network's input and output for one patch: rows × frames × channels. A row is a bin of the patch. */
export interface NetworkShape {
  readonly rows: number;
  readonly frames: number;
  readonly channels: number;
}

export function networkShape({ patch, channels }: Pick<ModelDescription, 'patch' | 'channels'>): NetworkShape {
  return { rows: patch.bins, frames: patch.frames, channels };
}
