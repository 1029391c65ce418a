import type { InlineConfig } from 'vite';
import { decoderBesideBundle } from './vite-decoder.ts';

/**
 * How Vite compiles a command line for Node: one file that starts with `#!/usr/bin/env node`, the chunks that it loads
 * later, and the script of the threads that compute networks. Dependencies stay outside: TensorFlow.js and the encoders find their WebAssembly in their own packages.
 *
 * @param name of the compiled file, without “.js”
 * @param source its file in the repository
 * @param outDir as deep in the package as tools/lib, so that it finds models/
 */
export function commandLine(name: string, source: string, outDir: string): InlineConfig {
  return {
    publicDir: false,
    plugins: [decoderBesideBundle()],
    build: {
      ssr: true,
      outDir,
      target: 'node20',
      rolldownOptions: {
        input: { [name]: source, 'network-thread': 'tools/lib/network-thread.ts' },
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: '[name].js',
          banner: (chunk) => (chunk.isEntry ? '#!/usr/bin/env node' : ''),
        },
      },
    },
  };
}
