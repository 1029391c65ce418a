import type { SpleeterDescription } from '../manifest.ts';
import { BlockBuilder, INPUT, type LayerBlock, type LayerGraph } from './layer-graph.ts';

/** Rows and columns of all kernels but the last. */
const SIZE = 5;
/** The last convolution. */
const OUTPUT = { kind: 'convolution', size: 4, stride: 1, dilation: 2, bias: true } as const;

/**
 * Builds the U-Net of Spleeter (Hennequin et al., JOSS 5(50), 2154; deezer/spleeter, model/functions/unet.py). It
 * differs from the U-Net of Jansson et al. (unet.ts):
 *
 * - A skip connection carries the raw output of a convolution, before batch norm.
 * - The deepest convolution feeds the decoder directly.
 * - In the decoder, batch norm follows the activation.
 * - A dilated convolution computes the mask of both channels from the decoder's one channel. In the model of five stems
 *   it computes logits, which a softmax over the networks turns into masks.
 */
export function buildSpleeter({ filters, epsilon, encoder, decoder, output: kind }: SpleeterDescription): LayerGraph {
  const depth = filters.length;
  const blocks: LayerBlock[] = [];
  const skips: { readonly name: string; readonly channels: number }[] = [];
  let at: { readonly name: string; readonly channels: number } = { name: INPUT, channels: 2 };

  for (const [index, outputs] of filters.entries()) {
    const block = new BlockBuilder('encoder', index);
    const convolution = {
      kind: 'convolution',
      size: SIZE,
      stride: 2,
      dilation: 1,
      inputs: at.channels,
      bias: true,
    } as const;
    const raw = { name: block.add('conv', convolution, [at.name], outputs), channels: outputs };
    skips.push(raw);
    at = raw;
    if (index < depth - 1) {
      const normed = block.add('norm', { kind: 'batch-norm', epsilon }, [raw.name], outputs);
      at = {
        name: block.add('activation', { kind: 'activation', activation: encoder }, [normed], outputs),
        channels: outputs,
      };
    }
    blocks.push(block.build());
  }
  for (let index = 0; index < depth; index++) {
    const block = new BlockBuilder('decoder', index);
    const outputs = index === depth - 1 ? 1 : filters[depth - 2 - index];
    if (index > 0) {
      const from = depth - 1 - index;
      const joined = skips[from].channels + at.channels;
      const operation = { kind: 'concatenate', skip: { input: 0, from } } as const;
      at = { name: block.add('skip', operation, [skips[from].name, at.name], joined), channels: joined };
    }
    const operation = { kind: 'transposed-convolution', size: SIZE, inputs: at.channels, bias: true } as const;
    const raw = block.add('conv', operation, [at.name], outputs);
    const active = block.add('activation', { kind: 'activation', activation: decoder }, [raw], outputs);
    at = { name: block.add('norm', { kind: 'batch-norm', epsilon }, [active], outputs), channels: outputs };
    blocks.push(block.build());
  }
  const output = new BlockBuilder('output', 0);
  const masks = output.add('conv', { ...OUTPUT, inputs: at.channels }, [at.name], 2);
  if (kind === 'mask') output.add('activation', { kind: 'activation', activation: { kind: 'sigmoid' } }, [masks], 2);
  return { channels: 2, blocks: [...blocks, output.build()], depth };
}
