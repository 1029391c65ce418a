import { type BlockTensorNames, CHANNELS_FIRST, type Preset } from './preset.ts';

/** What PyTorch keeps beside the weights. */
export const TORCH_TRAINING = [/(^|\.)num_batches_tracked$/];

function names(part: string): BlockTensorNames {
  const tensor = (name: string) => (index: number) => `${part}.${index}.${name}`;
  return {
    kernel: tensor('conv.weight'),
    bias: tensor('conv.bias'),
    gamma: tensor('norm.weight'),
    beta: tensor('norm.bias'),
    mean: tensor('norm.running_mean'),
    variance: tensor('norm.running_var'),
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
  describe: () => ({
    version: 2,
    title: 'Deep U-Net (Jansson et al. 2017)',
    licence: 'not stated in the file',
    source: 'Weights from PyTorch for the network of Jansson et al., ISMIR 2017.',
    sampleRate: 8192,
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
        // PyTorch's default.
        epsilon: 1e-5,
        outputActivation: 'sigmoid',
        skipOrder: 'decoder-encoder',
        output: 'mask',
      },
    },
    combine: { kind: 'single' },
    highBand: { rule: 'mean', fromHz: 2000, gain: 1 },
    trainedOn: {},
    evaluation: {},
  }),
  layouts: [
    { encoder: names('encoder'), decoder: names('decoder'), kernelAxes: CHANNELS_FIRST, ignored: TORCH_TRAINING },
  ],
};
