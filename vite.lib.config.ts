import { defineConfig } from 'vite';
import { plainWorkers } from './tools/lib/vite-plain-workers.ts';
import { tfjsThreads } from './tools/lib/vite-tfjs-threads.ts';
import { workerImports } from './tools/lib/vite-worker-imports.ts';

// The package (`npm run build:lib`): one ES module, with its workers and WebAssembly beside it, found relative to it. Not
// Vite's library mode, which would put them into the module as text that a strict Content-Security-Policy forbids.
export default defineConfig({
  base: './',
  publicDir: false,
  plugins: [tfjsThreads(), plainWorkers()],
  worker: {
    format: 'es',
    plugins: () => [tfjsThreads()],
    rolldownOptions: { output: { codeSplitting: { groups: [workerImports] } } },
  },
  build: {
    outDir: 'dist-lib',
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: false,
    rolldownOptions: {
      input: { unsung: 'src/package/index.ts' },
      preserveEntrySignatures: 'strict',
      output: { entryFileNames: '[name].js' },
    },
  },
});
