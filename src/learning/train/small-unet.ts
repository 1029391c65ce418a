import type { ModelDescription } from '../../model/manifest.ts';

/**
 * A small relative of the paper's network, which learns in minutes. It has the same sampling rate, window and hop, the lower
 * half of the bins (up to 2 kHz, where voices have most of their power), and four layers down and up.
 */
export const SMALL_UNET: ModelDescription = {
  version: 2,
  id: 'trained-here',
  title: { en: 'Trained in the browser', 'zh-CN': '在浏览器中训练的模型' },
  licence: 'that of what it was trained on',
  source: 'Trained on the learning page of Unsung.',
  sampleRate: 8192,
  channels: 1,
  stft: { fftSize: 1024, windowLength: 1024, hop: 768, window: 'hann', centred: true },
  patch: { frames: 32, firstBin: 1, bins: 256 },
  normalisation: { kind: 'patch-maximum' },
  compression: { kind: 'log', scale: 100 },
  networks: {
    vocals: {
      family: 'unet',
      kernel: 5,
      encoderFilters: [4, 8, 16, 32],
      decoderFilters: [16, 8, 4, 1],
      order: 'norm-activation',
      slope: 0.2,
      epsilon: 1e-3,
      bias: true,
      outputActivation: 'sigmoid',
      skipOrder: 'decoder-encoder',
      output: 'mask',
    },
  },
  combine: { kind: 'single' },
  highBand: { rule: 'mean', fromHz: 1000, gain: 1 },
  trainedOn: {},
  evaluation: {},
};
