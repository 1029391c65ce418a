import type { NetworkShape } from '../model/network-shape.ts';

/** Patches in one call: one leaves graphics hardware idle; wasm gains nothing from more, and pieces come later. */
const MAX_BATCH: Readonly<Record<string, number>> = { webgl: 4, webgpu: 4 };

/**
 * Values in one call. A patch with more keeps graphics hardware busy alone, and four of them take gigabytes: see decision
 * 47.
 */
const MAX_VALUES = 2 ** 18;

/** The largest number of patches in one call of a backend. */
export function batchSizeOf(backend: string, { bins, frames, channels }: NetworkShape): number {
  const fitting = Math.floor(MAX_VALUES / (bins * frames * channels));
  return Math.max(1, Math.min(MAX_BATCH[backend] ?? 1, fitting));
}
