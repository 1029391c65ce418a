import { readFile } from 'node:fs/promises';
import type { Plugin } from 'vite';

const DECODER = new URL('../../src/audio/decode/decoder.wasm', import.meta.url);

/** Puts decoder.wasm beside code that is bundled for Node, where src/audio/decode/decode.node.ts looks for it. */
export function decoderBesideBundle(): Plugin {
  return {
    name: 'decoder-beside-bundle',
    async generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'decoder.wasm', source: await readFile(DECODER) });
    },
  };
}
