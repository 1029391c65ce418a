import * as Comlink from 'comlink';
import { type RefilterEngine, refilter } from './refilter.ts';
import { carryErrors } from './transfer-errors.ts';

carryErrors();

const engine: RefilterEngine = {
  async refilter(song, piece) {
    const channels = refilter(song, piece);
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

Comlink.expose(engine);
