import type { BlockTensorNames, Preset } from './preset.ts';

/** What TensorFlow's Adam and estimators keep beside the weights. */
export const TF_TRAINING = [/\/Adam(_1)?$/, /(^|\/)beta[12]_power$/, /(^|\/)global_step$/];

/** tf.layers names the first of a kind without a number, then counts from 1 in the order of creation. */
export const tfScope = (kind: string, number: number) => (number === 0 ? kind : `${kind}_${number}`);

function names(convolution: string, norm: (index: number, depth: number) => number): BlockTensorNames {
  const ofConvolution = (part: string) => (index: number) => `${tfScope(convolution, index)}/${part}`;
  const ofNorm = (part: string) => (index: number, depth: number) =>
    `${tfScope('batch_normalization', norm(index, depth))}/${part}`;
  return {
    kernel: ofConvolution('kernel'),
    bias: ofConvolution('bias'),
    gamma: ofNorm('gamma'),
    beta: ofNorm('beta'),
    mean: ofNorm('moving_mean'),
    variance: ofNorm('moving_variance'),
  };
}

/** github.com/Jeongseungwoo/Singing-Voice-Separation, 2018: the checkpoint of a tf.estimator. */
export const tfUnet: Preset = {
  id: 'tf-unet',
  title: 'Singing-Voice-Separation (Jeongseungwoo, 2018)',
  accepts: {
    endings: ['.index', '.data-00000-of-00001'],
    text: 'model.ckpt-N.index together with model.ckpt-N.data-00000-of-00001, of TensorFlow',
  },
  describe: () => ({
    version: 2,
    title: 'U-Net of Singing-Voice-Separation',
    licence: 'not stated in the checkpoint',
    source:
      'A checkpoint of https://github.com/Jeongseungwoo/Singing-Voice-Separation: the network of Jansson et al. (ISMIR 2017) with batch norm after the activation, predicting the magnitude, at 16 kHz.',
    sampleRate: 16000,
    channels: 1,
    stft: { fftSize: 1024, windowLength: 1024, hop: 768, window: 'hann', centred: true },
    patch: { frames: 128, firstBin: 1, bins: 512 },
    normalisation: { kind: 'song-maximum' },
    compression: { kind: 'none' },
    networks: {
      vocals: {
        family: 'unet',
        kernel: 5,
        // The activation is an argument of tf.layers.conv2d, so it comes first.
        order: 'activation-norm',
        // Defaults of tf.nn.leaky_relu and tf.layers.batch_normalization.
        slope: 0.2,
        epsilon: 1e-3,
        bias: true,
        outputActivation: 'relu',
        skipOrder: 'decoder-encoder',
        output: 'magnitude',
      },
    },
    combine: { kind: 'single' },
    highBand: { rule: 'mean', fromHz: 4000, gain: 1 },
    trainedOn: { data: 'not stated in the checkpoint; the system’s data set is CCMixter' },
    evaluation: {},
  }),
  layouts: [
    {
      encoder: names('conv2d', (index) => index),
      decoder: names('conv2d_transpose', (index, depth) => depth + index),
      kernelAxes: [0, 1, 2, 3],
      ignored: TF_TRAINING,
    },
  ],
};
