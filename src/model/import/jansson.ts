import { describePaperUnet } from './paper-unet.ts';
import { CHANNELS_FIRST, type Preset } from './preset.ts';
import { tensorNames } from './tensor-names.ts';

/** Tensors of PyTorch modules that are not weights. */
export const TORCH_TRAINING = [/(^|\.)num_batches_tracked$/];

const names = (part: string) =>
  tensorNames(
    'pytorch',
    (index) => `${part}.${index}.conv`,
    (index) => `${part}.${index}.norm`,
  );

/**
 * The paper's network in PyTorch: the files that this project's training exports, and state dicts of modules with the
 * same names. A file that describes itself (metadata `unsung`) needs none of this description.
 */
export const jansson: Preset = {
  id: 'jansson',
  title: 'The paper’s U-Net, from PyTorch',
  accepts: {
    endings: ['.safetensors', '.pt', '.pth', '.ckpt'],
    text: 'a .safetensors file of this project, or a state dict of PyTorch (.safetensors, .pt, .pth, .ckpt)',
  },
  describe: () =>
    describePaperUnet({
      title: 'Deep U-Net (Jansson et al. 2017)',
      licence: 'not stated in the file',
      source: 'Weights from PyTorch for the network of Jansson et al., ISMIR 2017.',
      sampleRate: 8192,
      // PyTorch's default epsilon.
      networks: { vocals: { epsilon: 1e-5 } },
      highBand: { rule: 'mean', fromHz: 2000, gain: 1 },
      trainedOn: {},
    }),
  layouts: [
    { encoder: names('encoder'), decoder: names('decoder'), kernelAxes: CHANNELS_FIRST, ignored: TORCH_TRAINING },
  ],
};
