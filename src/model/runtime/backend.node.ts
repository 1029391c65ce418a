import '@tensorflow/tfjs-backend-cpu';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import './wasm-concat.ts';
import './wasm-slice.ts';

/** The backends of Node, in the order in which to try them. Wasm runs with SIMD and one thread there. */
export const NODE_BACKENDS = ['wasm', 'cpu'] as const;

/** Tells TF.js where its WebAssembly files are: in the package. Call it once, before a backend is used. */
export function prepareBackends(): void {
  // Suppresses the advice to install another package.
  tf.enableProdMode();
  const require = createRequire(import.meta.url);
  const wasm = require.resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm');
  setWasmPaths(join(dirname(wasm), '/'));
}
