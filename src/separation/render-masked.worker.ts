import * as Comlink from 'comlink';
import { exposeEngine } from '../core/expose-engine.ts';
import { type RenderMaskedEngine, renderMasked } from './render-masked.ts';

const engine: RenderMaskedEngine = {
  async renderMasked(song, piece) {
    const channels = renderMasked(song, piece);
    return Comlink.transfer(
      channels,
      channels.map((channel) => channel.buffer),
    );
  },

  async toPng(cells, size) {
    const { maskToPng } = await import('./mask-png.ts');
    return maskToPng(cells, size);
  },

  async fromPng(bytes, size) {
    const { pngToMask } = await import('./mask-png.ts');
    return pngToMask(bytes, size);
  },
};

exposeEngine(engine);
