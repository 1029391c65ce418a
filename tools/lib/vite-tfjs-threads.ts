import type { Plugin } from 'vite';

const MODULE = /tfjs-backend-wasm-threaded-simd\.js$/;
const GUARDED = 'typeof _scriptDir !== "undefined" && _scriptDir';

/**
 * Lets TF.js's wasm threads start in a minified build. TF.js passes its factory function to the threads as source text,
 * without the variable `_scriptDir` around it, and tests that variable with `typeof`. The minifier knows that the
 * variable is defined at its place and removes the test, so every thread fails with a ReferenceError and the backend
 * waits for ever. The path is not needed, because setWasmPaths gets the files' addresses.
 *
 * @throws when TF.js's source has changed, so that this plugin must be adapted
 */
export function tfjsThreads(): Plugin {
  return {
    name: 'unsung:tfjs-threads',
    enforce: 'pre',
    transform(code, id) {
      if (!MODULE.test(id.split('?')[0])) return null;
      if (!code.includes(GUARDED)) this.error('The wasm factory of TF.js has changed: is this plugin still needed?');
      return { code: code.replaceAll(GUARDED, 'false').replaceAll('||_scriptDir', ''), map: null };
    },
  };
}
