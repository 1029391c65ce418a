import { CHANNELS_FIRST, type LayerTensorNames, type Preset } from './preset.ts';

function names(part: string): LayerTensorNames {
  const tensor = (name: string) => (index: number) => `${part}.${index}.${name}`;
  const mixing = (name: string) => (index: number) => `${part}_mixing.${index}.${name}`;
  return {
    kernel: tensor('conv.weight'),
    bias: tensor('conv.bias'),
    gamma: tensor('norm.weight'),
    beta: tensor('norm.bias'),
    mean: tensor('norm.running_mean'),
    variance: tensor('norm.running_var'),
    mixing: {
      down: mixing('down.weight'),
      gamma: mixing('norm.weight'),
      beta: mixing('norm.bias'),
      mean: mixing('norm.running_mean'),
      variance: mixing('norm.running_var'),
      up: mixing('up.weight'),
      upBias: mixing('up.bias'),
    },
  };
}

/**
 * The paper's network in PyTorch: what this project's training exports, and state dicts of modules with the same names.
 * A file that describes itself (metadata `unsung`) needs none of this description.
 */
export const jansson: Preset = {
  id: 'jansson',
  title: 'The paper’s U-Net, from PyTorch',
  accepts: {
    endings: ['.safetensors', '.pt', '.pth', '.ckpt'],
    text: 'a .safetensors file of this project, or a state dict of PyTorch (.safetensors, .pt, .pth, .ckpt)',
  },
  description: {
    title: 'Deep U-Net (Jansson et al. 2017)',
    licence: 'not stated in the file',
    source: 'Weights from PyTorch for the network of Jansson et al., ISMIR 2017.',
    target: 'vocals',
    output: 'mask',
    sampleRate: 8192,
    channels: 1,
    stft: { fftSize: 1024, windowLength: 1024, hop: 768, window: 'hann', centred: true },
    patch: { frames: 128, firstBin: 1, bins: 512 },
    normalisation: 'song-maximum',
    compression: { kind: 'none' },
    network: {
      kernel: 5,
      stride: 2,
      padding: 'same',
      order: 'norm-activation',
      slope: 0.2,
      // PyTorch's default.
      epsilon: 1e-5,
      outputActivation: 'sigmoid',
      skipOrder: 'decoder-encoder',
    },
    highBand: { rule: 'mean', fromHz: 2000, gain: 1 },
    trainedOn: {},
    evaluation: {},
  },
  tensors: { encoder: names('encoder'), decoder: names('decoder') },
  kernelAxes: CHANNELS_FIRST,
  ignored: [/(^|\.)num_batches_tracked$/],
};
