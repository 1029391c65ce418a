import { describe, expect, it } from 'vitest';
import { buildGraph } from '../../../src/model/graph/build-graph.ts';
import { INPUT, type LayerGraph, nodesOf, readersOf, weightShapes } from '../../../src/model/graph/layer-graph.ts';
import type { SpleeterDescription, UnetDescription } from '../../../src/model/manifest.ts';
import { CASES, readCase } from './cases.ts';

const UNET: UnetDescription = {
  family: 'unet',
  kernel: 5,
  encoderFilters: [4, 6],
  decoderFilters: [5, 1],
  order: 'norm-activation',
  slope: 0.2,
  epsilon: 1e-3,
  bias: true,
  outputActivation: 'sigmoid',
  skipOrder: 'decoder-encoder',
  output: 'mask',
};

const SPLEETER: SpleeterDescription = {
  family: 'spleeter',
  filters: [4, 6, 8],
  epsilon: 1e-3,
  encoder: { kind: 'elu' },
  decoder: { kind: 'relu' },
  output: 'mask',
};

/** Each node as `name: kind(inputs) → channels`. */
const told = (graph: LayerGraph) =>
  nodesOf(graph).map(
    ({ name, operation, inputs, channels }) => `${name}: ${operation.kind}(${inputs.join(', ')}) → ${channels}`,
  );

describe('the graph of a U-Net', () => {
  it('has skip connections from the end of each encoder block, and no norm in the last block', () => {
    const graph = buildGraph(UNET);
    expect(told(graph)).toEqual([
      'encoder_0_conv: convolution(magnitude) → 4',
      'encoder_0_norm: batch-norm(encoder_0_conv) → 4',
      'encoder_0_activation: activation(encoder_0_norm) → 4',
      'encoder_1_conv: convolution(encoder_0_activation) → 6',
      'encoder_1_norm: batch-norm(encoder_1_conv) → 6',
      'encoder_1_activation: activation(encoder_1_norm) → 6',
      'decoder_0_conv: transposed-convolution(encoder_1_activation) → 5',
      'decoder_0_norm: batch-norm(decoder_0_conv) → 5',
      'decoder_0_activation: activation(decoder_0_norm) → 5',
      'decoder_1_skip: concatenate(decoder_0_activation, encoder_0_activation) → 9',
      'decoder_1_conv: transposed-convolution(decoder_1_skip) → 1',
      'decoder_1_activation: activation(decoder_1_conv) → 1',
    ]);
    expect(graph).toMatchObject({ channels: 1, depth: 2 });
  });

  it('uses the description’s order, kernel, bias and output activation', () => {
    const graph = buildGraph({
      ...UNET,
      kernel: 4,
      bias: false,
      order: 'activation-norm',
      skipOrder: 'encoder-decoder',
      outputActivation: 'relu',
    });
    expect(told(graph).slice(0, 3)).toEqual([
      'encoder_0_conv: convolution(magnitude) → 4',
      'encoder_0_activation: activation(encoder_0_conv) → 4',
      'encoder_0_norm: batch-norm(encoder_0_activation) → 4',
    ]);
    expect(told(graph)).toContain('decoder_1_skip: concatenate(encoder_0_norm, decoder_0_norm) → 9');
    expect(nodesOf(graph).at(-1)!.operation).toEqual({ kind: 'activation', activation: { kind: 'relu' } });
    const shapes = weightShapes(graph);
    expect(shapes.get('encoder_1_conv/kernel')).toEqual([4, 4, 4, 6]);
    expect(shapes.get('decoder_1_conv/kernel')).toEqual([4, 4, 1, 9]);
    expect([...shapes.keys()].filter((name) => name.endsWith('/bias'))).toEqual([]);
  });
});

describe('the graph of a network of Spleeter', () => {
  it('has skip connections of raw convolutions, the deepest convolution directly before the decoder, and norms after activations', () => {
    const graph = buildGraph(SPLEETER);
    expect(told(graph)).toEqual([
      'encoder_0_conv: convolution(magnitude) → 4',
      'encoder_0_norm: batch-norm(encoder_0_conv) → 4',
      'encoder_0_activation: activation(encoder_0_norm) → 4',
      'encoder_1_conv: convolution(encoder_0_activation) → 6',
      'encoder_1_norm: batch-norm(encoder_1_conv) → 6',
      'encoder_1_activation: activation(encoder_1_norm) → 6',
      'encoder_2_conv: convolution(encoder_1_activation) → 8',
      'decoder_0_conv: transposed-convolution(encoder_2_conv) → 6',
      'decoder_0_activation: activation(decoder_0_conv) → 6',
      'decoder_0_norm: batch-norm(decoder_0_activation) → 6',
      'decoder_1_skip: concatenate(encoder_1_conv, decoder_0_norm) → 12',
      'decoder_1_conv: transposed-convolution(decoder_1_skip) → 4',
      'decoder_1_activation: activation(decoder_1_conv) → 4',
      'decoder_1_norm: batch-norm(decoder_1_activation) → 4',
      'decoder_2_skip: concatenate(encoder_0_conv, decoder_1_norm) → 8',
      'decoder_2_conv: transposed-convolution(decoder_2_skip) → 1',
      'decoder_2_activation: activation(decoder_2_conv) → 1',
      'decoder_2_norm: batch-norm(decoder_2_activation) → 1',
      'output_0_conv: convolution(decoder_2_norm) → 2',
      'output_0_activation: activation(output_0_conv) → 2',
    ]);
    expect(graph).toMatchObject({ channels: 2, depth: 3 });
    expect(graph.blocks.at(-1)!.nodes[0].operation).toMatchObject({ size: 4, stride: 1, dilation: 2, bias: true });
  });

  it('ends with the convolution when the output is logits', () => {
    expect(told(buildGraph({ ...SPLEETER, output: 'logit' })).at(-1)).toBe(
      'output_0_conv: convolution(decoder_2_norm) → 2',
    );
  });

  it('uses the description’s activations in encoder and decoder', () => {
    const kinds = nodesOf(buildGraph(SPLEETER)).flatMap(({ operation }) =>
      operation.kind === 'activation' ? [operation.activation.kind] : [],
    );
    expect(kinds).toEqual(['elu', 'elu', 'relu', 'relu', 'relu', 'sigmoid']);
  });
});

describe.each(CASES)('the graph of %s', (name) => {
  it('reads only earlier nodes, reads every node but the output, and has unique names', async () => {
    const { graph, weights } = await readCase(name);
    const nodes = nodesOf(graph);
    const known = new Set([INPUT]);
    for (const node of nodes) {
      for (const input of node.inputs) expect(known).toContain(input);
      expect(known).not.toContain(node.name);
      known.add(node.name);
    }
    const readers = readersOf(graph);
    expect(nodes.filter((node) => !readers.has(node.name))).toEqual([nodes.at(-1)]);
    expect([...weightShapes(graph)].sort()).toEqual([...weights].map(([key, { shape }]) => [key, shape]).sort());
  });
});
