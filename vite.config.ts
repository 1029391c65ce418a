import { VitePWA } from 'vite-plugin-pwa';
import { viteStaticCopy } from 'vite-plugin-static-copy';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { isolation } from './tools/lib/vite-isolation.ts';
import { tfjsThreads } from './tools/lib/vite-tfjs-threads.ts';
import { workerImports } from './tools/lib/vite-worker-imports.ts';
import { webAppManifest } from './tools/lib/web-app-manifest.ts';

/** What all projects of browser tests have: the long ones, and those of other browsers, are run apart. */
const browser: NonNullable<TestProjectInlineConfiguration['test']> = {
  include: ['tests/browser/**/*.test.ts'],
  environment: 'node',
  globalSetup: ['tests/browser/shared.setup.ts'],
  sequence: { groupOrder: 1 },
  // A busy machine may take long; what hangs ends all the same.
  testTimeout: 300_000,
  hookTimeout: 300_000,
  // What is waited for may take long on a busy machine; by default a second is all it has.
  expect: { poll: { timeout: 60_000 } },
};

export default defineConfig({
  base: './',
  plugins: [
    isolation(),
    viteStaticCopy({ targets: [{ src: 'models', dest: '.' }] }),
    tfjsThreads(),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src/offline',
      filename: 'service-worker.ts',
      // The page registers it itself: offline/offline.ts.
      injectRegister: false,
      manifest: webAppManifest,
      injectManifest: {
        // All but the models' weights, which the engine keeps by their hashes.
        globPatterns: ['**/*.{html,js,css,wasm,svg,png,json,mp3,webmanifest,md}'],
        globIgnores: ['models/**/model.json'],
        maximumFileSizeToCacheInBytes: 16e6,
      },
    }),
  ],
  worker: {
    format: 'es',
    plugins: () => [tfjsThreads()],
    rolldownOptions: { output: { codeSplitting: { groups: [workerImports] } } },
  },
  build: { target: 'es2022', assetsInlineLimit: 0 },
  test: {
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/browser/**', 'tests/browsers/**'],
          environment: 'node',
          // One process for many files: half of the time went into loading TensorFlow.js again for each.
          isolate: false,
          unstubGlobals: true,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: { ...browser, name: 'browser', exclude: ['tests/browser/**/*.long.test.ts'] },
      },
      {
        extends: true,
        test: {
          ...browser,
          name: 'long',
          include: ['tests/browser/**/*.long.test.ts'],
          testTimeout: 900_000,
          hookTimeout: 900_000,
        },
      },
      {
        extends: true,
        test: {
          ...browser,
          name: 'browsers',
          include: ['tests/browsers/**/*.test.ts'],
          globalSetup: ['tests/browsers/browsers.setup.ts'],
          // Longer than PATIENCE_MS, so that what was waited for is told.
          testTimeout: 600_000,
        },
      },
    ],
  },
});
