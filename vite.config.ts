import { viteStaticCopy } from 'vite-plugin-static-copy';
import { defineConfig } from 'vitest/config';
import { tfjsThreads } from './tools/lib/vite-tfjs-threads.ts';

// Cross-origin isolation gives the page SharedArrayBuffer: one copy of a song for page, worker and player.
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig({
  base: './',
  plugins: [viteStaticCopy({ targets: [{ src: 'models', dest: '.' }] }), tfjsThreads()],
  worker: { format: 'es', plugins: () => [tfjsThreads()] },
  build: { target: 'es2022', assetsInlineLimit: 0 },
  server: { headers: isolation },
  preview: { headers: isolation },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/browser/**'],
          environment: 'node',
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          environment: 'node',
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
