import type { InlineConfig } from 'vite';
import { decoderBesideBundle } from './vite-decoder.ts';

/**
 * How Vite compiles a command line for Node: one file that starts with `#!/usr/bin/env node`, and the chunks that it
 * loads later. Dependencies stay outside: TensorFlow.js and the encoders find their WebAssembly in their own packages.
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
        input: { [name]: source },
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: '[name].js',
          banner: (chunk) => (chunk.isEntry ? '#!/usr/bin/env node' : ''),
        },
      },
    },
  };
}
