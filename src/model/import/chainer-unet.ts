import { describePaperUnet } from './paper-unet.ts';
import { CHANNELS_FIRST, type Preset } from './preset.ts';
import { tensorNames } from './tensor-names.ts';

const names = (convolution: string, norm: string) =>
  tensorNames(
    'chainer',
    (index) => `${convolution}${index + 1}`,
    (index) => `${norm}${index + 1}`,
  );

/** github.com/Xiao-Ming/UNet-VocalSeparation-Chainer, 2017: `unet.model`, written by Chainer's save_npz. */
export const chainerUnet: Preset = {
  id: 'chainer-unet',
  title: 'UNet-VocalSeparation-Chainer (Xiao-Ming, 2017)',
  accepts: { endings: ['.model', '.npz'], text: 'unet.model, or an .npz file of Chainer’s save_npz' },
  describe: () =>
    describePaperUnet({
      title: 'U-Net of UNet-VocalSeparation-Chainer',
      licence: 'not stated in the checkpoint',
      source:
        'A checkpoint of https://github.com/Xiao-Ming/UNet-VocalSeparation-Chainer: the network of Jansson et al. (ISMIR 2017) with kernels of 4×4, at 16 kHz.',
      sampleRate: 16000,
      stft: { hop: 512 },
      // Padding 1 with kernel 4 is TensorFlow's “same”. Epsilon is Chainer's default of BatchNormalization; its default
      // of leaky_relu is the paper's slope.
      networks: { vocals: { kernel: 4, epsilon: 2e-5, bias: true } },
      highBand: { rule: 'mean', fromHz: 4000, gain: 1 },
      trainedOn: {
        data: 'not stated in the checkpoint; the system has scripts for DSD100, iKala, MedleyDB and others',
      },
    }),
  layouts: [
    {
      encoder: names('conv', 'norm'),
      decoder: names('deconv', 'denorm'),
      kernelAxes: CHANNELS_FIRST,
      // The number of batches in the running mean.
      ignored: [/(^|\/)(de)?norm\d+\/N$/],
    },
  ],
};
