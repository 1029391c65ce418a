import type { Plugin } from 'vite';

/** The output of Vite and the minifier for `new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' …` */
const WORKER =
  /new Worker\(new URL\(new URL\(["'`]([^"'`]+)["'`],import\.meta\.url\)\.href,["'`]{2}\+import\.meta\.url\),\{type:["'`]module["'`]/g;

/**
 * Writes the start of each worker in the form that bundlers recognise: `new Worker(new URL("./worker.js",
 * import.meta.url), …`. Otherwise a bundler copies the worker as a plain file, without the files that it loads.
 *
 * @throws when a worker's address has another form, so that this plugin must be adapted
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
