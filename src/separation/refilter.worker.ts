import * as Comlink from 'comlink';
import { type RefilterEngine, refilter } from './refilter.ts';

const engine: RefilterEngine = {
  async refilter(song, piece) {
    const channels = refilter(song, piece);
    return Comlink.transfer(
      channels,
      channels.map((channel) => channel.buffer),
    );
  },
};

Comlink.expose(engine);
