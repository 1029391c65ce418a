import type { Plugin } from 'vite';

const MODULE = /tfjs-backend-wasm-threaded-simd\.js$/;
const GUARDED = 'typeof _scriptDir !== "undefined" && _scriptDir';

/**
 * Lets TF.js's wasm threads start in a minified build. TF.js hands its factory function to the threads as source text,
 * where the variable `_scriptDir` around it is not defined; it asks for that with `typeof`. A minifier sees that the
 * variable is always defined where it stands and leaves the question out, so every thread dies of a ReferenceError and
 * the backend waits for them for ever. The path is not needed: the files' addresses are given to setWasmPaths.
 *
 * @throws when TF.js's text has changed, so that this must be looked at again
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
