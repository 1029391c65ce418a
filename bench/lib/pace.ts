import type { ModelManifest } from '../../src/model/manifest.ts';
import { patchGrid } from '../../src/separation/patch-grid.ts';

/** How much is measured on a backend of some speed. */
export interface Pace {
  /** Seconds of song: Infinity for all of it. */
  readonly seconds: number;
  readonly repeats: number;
  /** Side of the matrices that are multiplied. */
  readonly matmulSize: number;
}

/** Milliseconds a patch above which it is software that stands for a graphics card, and not the machine is busy. */
const SOFTWARE_GRAPHICS = 600;

export function isSlow(backend: string, msPerPatch: number): boolean {
  if (backend === 'webgl') return msPerPatch > SOFTWARE_GRAPHICS;
  return backend === 'cpu';
}

/**
 * Of a slow backend only the beginning of the song is measured, once: five patches (a first and a batch of four) on software graphics, one on the cpu backend, which is plain JavaScript.
 */
export function paceOf(backend: string, msPerPatch: number, manifest: ModelManifest, repeats: number): Pace {
  if (!isSlow(backend, msPerPatch)) return { seconds: Number.POSITIVE_INFINITY, repeats, matmulSize: 1024 };
  if (backend === 'cpu') return { seconds: secondsOf(1, manifest), repeats: 1, matmulSize: 512 };
  return { seconds: secondsOf(5, manifest), repeats: 1, matmulSize: 512 };
}

/** Patches that a song of this length needs. */
export function patchesOf(seconds: number, { stft, sampleRate, patch }: ModelManifest): number {
  return patchGrid(1 + Math.floor((seconds * sampleRate) / stft.hop), patch.frames).patches;
}

/** Seconds of song that fill this many patches. */
function secondsOf(patches: number, { stft, sampleRate, patch }: ModelManifest): number {
  const { advance } = patchGrid(patch.frames, patch.frames);
  const frames = patch.frames + (patches - 1) * advance;
  return ((frames - 2) * stft.hop) / sampleRate;
}
