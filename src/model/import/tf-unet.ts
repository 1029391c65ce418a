import { describePaperUnet } from './paper-unet.ts';
import type { Preset } from './preset.ts';
import { tensorNames } from './tensor-names.ts';

/** Variables of TensorFlow's Adam and estimators that are not weights. */
export const TF_TRAINING = [/\/Adam(_1)?$/, /(^|\/)beta[12]_power$/, /(^|\/)global_step$/];

/** tf.layers gives the first layer of a kind no number, then counts from 1 in the order of creation. */
export const tfScope = (kind: string, number: number) => (number === 0 ? kind : `${kind}_${number}`);

const names = (convolution: string, norm: (index: number, depth: number) => number) =>
  tensorNames(
    'tensorflow',
    (index) => tfScope(convolution, index),
    (index, depth) => tfScope('batch_normalization', norm(index, depth)),
  );

/** github.com/Jeongseungwoo/Singing-Voice-Separation, 2018: the checkpoint of a tf.estimator. */
export const tfUnet: Preset = {
  id: 'tf-unet',
  title: 'Singing-Voice-Separation (Jeongseungwoo, 2018)',
  accepts: {
    endings: ['.index', '.data-00000-of-00001'],
    text: 'model.ckpt-N.index together with model.ckpt-N.data-00000-of-00001, of TensorFlow',
  },
  describe: () =>
    describePaperUnet({
      title: 'U-Net of Singing-Voice-Separation',
      licence: 'not stated in the checkpoint',
      source:
        'A checkpoint of https://github.com/Jeongseungwoo/Singing-Voice-Separation: the network of Jansson et al. (ISMIR 2017) with batch norm after the activation, predicting the magnitude, at 16 kHz.',
      sampleRate: 16000,
      networks: {
        vocals: {
          // The activation is an argument of tf.layers.conv2d, so it comes first.
          order: 'activation-norm',
          // The default of tf.layers.batch_normalization. The default of tf.nn.leaky_relu is the paper's slope.
          epsilon: 1e-3,
          bias: true,
          outputActivation: 'relu',
          output: 'magnitude',
        },
      },
      highBand: { rule: 'mean', fromHz: 4000, gain: 1 },
      trainedOn: { data: 'not stated in the checkpoint; the system’s data set is CCMixter' },
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
