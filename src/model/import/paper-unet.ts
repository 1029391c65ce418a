import { type Json, mergeJson } from './preset.ts';

/** The manifest's fields that systems based on the network of Jansson et al. (ISMIR 2017) share, as in the paper. */
const PAPER_UNET: Json = {
  version: 2,
  channels: 1,
  stft: { fftSize: 1024, windowLength: 1024, hop: 768, window: 'hann', centred: true },
  patch: { frames: 128, firstBin: 1, bins: 512 },
  normalisation: { kind: 'song-maximum' },
  compression: { kind: 'none' },
  networks: {
    vocals: {
      family: 'unet',
      kernel: 5,
      order: 'norm-activation',
      slope: 0.2,
      outputActivation: 'sigmoid',
      skipOrder: 'decoder-encoder',
      output: 'mask',
    },
  },
  combine: { kind: 'single' },
  evaluation: {},
};

/** The paper's description with a system's own fields; see mergeJson. */
export function describePaperUnet(own: Json): Json {
  return mergeJson(PAPER_UNET, own) as Json;
}
