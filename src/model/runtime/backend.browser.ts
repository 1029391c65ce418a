import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgl';
import type { BackendName } from './backend.ts';
import { prepareWasm } from './backend-wasm.browser.ts';
import { hasWebGpu, prepareWebGpu } from './backend-webgpu.browser.ts';

/** The backends of this browser, on the page or in a worker, in the order in which to try them. */
export const BROWSER_BACKENDS: readonly BackendName[] = [...(hasWebGpu() ? ['webgpu'] : []), 'webgl', 'wasm', 'cpu'];

/**
 * Registers them. Call it once, before a backend is used.
 *
 * @param threads whether wasm may use threads of its own. Default: true
 */
export function prepareBackends(threads = true): void {
  prepareWasm(threads);
  prepareWebGpu();
}
