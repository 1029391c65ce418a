/** Patches in one call: graphics hardware is idle with one; wasm gains nothing from more, and pieces come later. */
const BATCH: Readonly<Record<string, number>> = { webgl: 4, webgpu: 4 };

/** Most patches that a backend is given at once. */
export function batchSizeOf(backend: string): number {
  return BATCH[backend] ?? 1;
}
