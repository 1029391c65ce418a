import * as Comlink from 'comlink';
import { carryErrors } from '../separation/transfer-errors.ts';
import type { Lab } from './lab.ts';
import { spectrogram } from './spectrogram.ts';

carryErrors();

const lab: Lab = {
  async spectrogram(order) {
    const result = spectrogram(order);
    return Comlink.transfer(result, [result.levels.buffer as ArrayBuffer]);
  },
};

Comlink.expose(lab);
