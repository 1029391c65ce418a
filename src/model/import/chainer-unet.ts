import { type BlockTensorNames, CHANNELS_FIRST, type Preset } from './preset.ts';

function names(convolution: string, norm: string): BlockTensorNames {
  const numbered = (link: string, part: string) => (index: number) => `${link}${index + 1}/${part}`;
  return {
    kernel: numbered(convolution, 'W'),
    bias: numbered(convolution, 'b'),
    gamma: numbered(norm, 'gamma'),
    beta: numbered(norm, 'beta'),
    mean: numbered(norm, 'avg_mean'),
    variance: numbered(norm, 'avg_var'),
  };
}

/** github.com/Xiao-Ming/UNet-VocalSeparation-Chainer, 2017: `unet.model`, written by Chainer's save_npz. */
export const chainerUnet: Preset = {
  id: 'chainer-unet',
  title: 'UNet-VocalSeparation-Chainer (Xiao-Ming, 2017)',
  accepts: { endings: ['.model', '.npz'], text: 'unet.model, or an .npz file of Chainer’s save_npz' },
  describe: () => ({
    version: 2,
    title: 'U-Net of UNet-VocalSeparation-Chainer',
    licence: 'not stated in the checkpoint',
    source:
      'A checkpoint of https://github.com/Xiao-Ming/UNet-VocalSeparation-Chainer: the network of Jansson et al. (ISMIR 2017) with kernels of 4×4, at 16 kHz.',
    sampleRate: 16000,
    channels: 1,
    stft: { fftSize: 1024, windowLength: 1024, hop: 512, window: 'hann', centred: true },
    patch: { frames: 128, firstBin: 1, bins: 512 },
    normalisation: { kind: 'song-maximum' },
    compression: { kind: 'none' },
    networks: {
      vocals: {
        family: 'unet',
        // Padding 1, which at kernel 4 is TensorFlow's “same”.
        kernel: 4,
        order: 'norm-activation',
        // Chainer's defaults of leaky_relu and BatchNormalization.
        slope: 0.2,
        epsilon: 2e-5,
        bias: true,
        outputActivation: 'sigmoid',
        skipOrder: 'decoder-encoder',
        output: 'mask',
      },
    },
    combine: { kind: 'single' },
    highBand: { rule: 'mean', fromHz: 4000, gain: 1 },
    trainedOn: { data: 'not stated in the checkpoint; the system has scripts for DSD100, iKala, MedleyDB and others' },
    evaluation: {},
  }),
  layouts: [
    {
      encoder: names('conv', 'norm'),
      decoder: names('deconv', 'denorm'),
      kernelAxes: CHANNELS_FIRST,
      // Batches that the running mean was taken over.
      ignored: [/(^|\/)(de)?norm\d+\/N$/],
    },
  ],
};
