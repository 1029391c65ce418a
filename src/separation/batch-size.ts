/** Patches in one call: one leaves graphics hardware idle; wasm gains nothing from more, and pieces come later. */
const BATCH: Readonly<Record<string, number>> = { webgl: 4, webgpu: 4 };

/** The largest number of patches in one call of a backend. */
export function batchSizeOf(backend: string): number {
  return BATCH[backend] ?? 1;
}
