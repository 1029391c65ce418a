import type { UnetDescription } from '../manifest.ts';
import { type Activation, BlockBuilder, INPUT, type LayerBlock, type LayerGraph } from './layer-graph.ts';

/**
 * Builds the U-Net of Jansson et al. (ISMIR 2017, section 3.1) and of the two systems based on it. The encoder has
 * convolutions of stride 2. The decoder has transposed convolutions of stride 2; all but the first also read the output
 * of the encoder block of the same size. Every block has batch norm and an activation, the last block only an
 * activation.
 */
export function buildUnet(network: UnetDescription): LayerGraph {
  const { encoderFilters, decoderFilters, kernel: size, bias, epsilon, order } = network;
  const depth = encoderFilters.length;
  const channels = decoderFilters[depth - 1];
  const blocks: LayerBlock[] = [];
  const skips: { readonly name: string; readonly channels: number }[] = [];
  let at = { name: INPUT, channels };

  const finish = (block: BlockBuilder, activation: Activation, norm: boolean): void => {
    const steps = norm && order === 'activation-norm' ? ['activation', 'norm'] : ['norm', 'activation'];
    for (const step of norm ? steps : ['activation']) {
      const operation =
        step === 'norm' ? ({ kind: 'batch-norm', epsilon } as const) : ({ kind: 'activation', activation } as const);
      at = { name: block.add(step, operation, [at.name], at.channels), channels: at.channels };
    }
    blocks.push(block.build());
  };

  for (const [index, outputs] of encoderFilters.entries()) {
    const block = new BlockBuilder('encoder', index);
    const operation = { kind: 'convolution', size, stride: 2, dilation: 1, inputs: at.channels, bias } as const;
    at = { name: block.add('conv', operation, [at.name], outputs), channels: outputs };
    finish(block, { kind: 'leaky-relu', slope: network.slope }, true);
    skips.push(at);
  }
  for (const [index, outputs] of decoderFilters.entries()) {
    const block = new BlockBuilder('decoder', index);
    if (index > 0) {
      const from = depth - 1 - index;
      const skip = skips[from];
      const decoderFirst = network.skipOrder === 'decoder-encoder';
      const names = decoderFirst ? [at.name, skip.name] : [skip.name, at.name];
      const joined = at.channels + skip.channels;
      const operation = { kind: 'concatenate', skip: { input: decoderFirst ? 1 : 0, from } } as const;
      at = { name: block.add('skip', operation, names, joined), channels: joined };
    }
    const operation = { kind: 'transposed-convolution', size, inputs: at.channels, bias } as const;
    at = { name: block.add('conv', operation, [at.name], outputs), channels: outputs };
    const last = index === depth - 1;
    finish(block, { kind: last ? network.outputActivation : 'relu' }, !last);
  }
  return { channels, blocks, depth };
}
