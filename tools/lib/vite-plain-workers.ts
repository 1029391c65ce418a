import type { Plugin } from 'vite';

/** What Vite and a minifier make of `new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' …` */
const WORKER =
  /new Worker\(new URL\(new URL\(["'`]([^"'`]+)["'`],import\.meta\.url\)\.href,["'`]{2}\+import\.meta\.url\),\{type:["'`]module["'`]/g;

/**
 * Writes the starts of workers the way that bundlers know: `new Worker(new URL("./worker.js", import.meta.url), …`.
 * Without it a bundler takes the worker for a file like others, and leaves what it loads behind.
 *
 * @throws when there is a worker whose address is written in another way, so that this must be looked at again
 */
export function plainWorkers(): Plugin {
  return {
    name: 'unsung:plain-workers',
    enforce: 'post',
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue;
        file.code = file.code.replace(WORKER, 'new Worker(new URL("./$1",import.meta.url),{type:"module"');
        if (/new Worker\((?!new URL\("\.)/.test(file.code))
          this.error(`${file.fileName} starts a worker in another way.`);
      }
    },
  };
}
