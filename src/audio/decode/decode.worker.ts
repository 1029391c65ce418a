import * as Comlink from 'comlink';
import { exposeEngine } from '../../core/expose-engine.ts';
import { channelOf, isShared } from '../shared-audio.ts';
import type { DecodeEngine } from './decode-engine.ts';
import { decodeWhole } from './decode-whole.ts';
import { openInWorker } from './open-in-worker.ts';
import { statedSeconds } from './song-stream.ts';

const engine: DecodeEngine = {
  async decode(file, name, options) {
    const song = await decodeWhole(await openInWorker(file, name, options), channelOf);
    if (song.channels.every(isShared)) return song;
    return Comlink.transfer(
      song,
      song.channels.map(({ buffer }) => buffer as ArrayBuffer),
    );
  },

  async seconds(file, name, options) {
    const stream = await openInWorker(file, name, options);
    stream.dispose();
    return statedSeconds(stream);
  },
};

exposeEngine(engine);
