import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgl';
import { prepareWasm } from './backend-wasm.browser.ts';

/** The backends of a browser, on the page or in a worker, in the order in which to try them. */
export const BROWSER_BACKENDS = ['webgl', 'wasm', 'cpu'] as const;

/**
 * Registers them. Call it once, before a backend is used.
 *
 * @param threads whether wasm may use threads of its own. Default: true
 */
export function prepareBackends(threads = true): void {
  prepareWasm(threads);
}
