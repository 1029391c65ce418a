import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import * as tf from '@tensorflow/tfjs-core';
import './wasm-concat.ts';
import './wasm-slice.ts';

/** Milliseconds that wasm's threads may take to start. */
const THREADS_TIMEOUT = 10_000;

/**
 * Registers TF.js's WebAssembly backend and tells it where its files are. Call it once, before the backend is used.
 *
 * @param threads whether it may use threads of its own
 */
export function prepareWasm(threads: boolean): void {
  tf.enableProdMode();
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plain,
    'tfjs-backend-wasm-simd.wasm': simd,
    'tfjs-backend-wasm-threaded-simd.wasm': threaded,
  });
  // TF.js uses half of the processors, so on two or three it would start eight workers, 138 MB, to use one.
  if (!threads || navigator.hardwareConcurrency < 4) tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  const start = tf.findBackendFactory('wasm');
  tf.removeBackend('wasm');
  tf.registerBackend('wasm', () => startWasm(async () => start()));
}

/**
 * Starts wasm. TF.js uses threads where the page is cross-origin isolated, and makes them from blobs; where a
 * Content-Security-Policy forbids blobs, it waits for ever. Then this starts it with one thread.
 */
async function startWasm(start: () => Promise<tf.KernelBackend>): Promise<tf.KernelBackend> {
  if (!(await tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT'))) return start();
  const tooLate = new Promise<never>((_, reject) => {
    const timeout = AbortSignal.timeout(THREADS_TIMEOUT);
    timeout.addEventListener('abort', () => reject(timeout.reason));
  });
  try {
    return await Promise.race([start(), tooLate]);
  } catch {
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    return start();
  }
}
