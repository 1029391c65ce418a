import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { buildSpleeter } from '../../../src/model/graph/spleeter.ts';
import { networkLayers, networkTotals } from '../../../src/model/graph/summary.ts';
import { buildUnet } from '../../../src/model/graph/unet.ts';
import { fixturePath } from '../fixtures.ts';

/** PyTorch's counts, from training/reference/network_counts.py and spleeter_counts.py. */
interface Counts {
  readonly bins: number;
  readonly frames: number;
  readonly layers: readonly {
    readonly name: string;
    readonly input: readonly number[];
    readonly output: readonly number[];
    readonly parameters: number;
    readonly trainable: number;
    readonly multiplyAdds: number;
  }[];
}

interface CountedUnet extends Counts {
  readonly kernel: 4 | 5;
  readonly encoderFilters: number[];
  readonly decoderFilters: number[];
  readonly bias: boolean;
}

interface CountedSpleeter extends Counts {
  readonly filters: number[];
  /** Parameters in the checkpoints that no layer uses. */
  readonly unused: number;
}

const read = <T>(name: string) => JSON.parse(readFileSync(fixturePath(name), 'utf8')) as Readonly<Record<string, T>>;
const counted = read<CountedUnet>('network-counts.json');
const countedSpleeter = read<CountedSpleeter>('spleeter-counts.json');

function layersOf({ kernel, encoderFilters, decoderFilters, bias, bins, frames }: CountedUnet) {
  const graph = buildUnet({
    family: 'unet',
    kernel,
    encoderFilters,
    decoderFilters,
    order: 'norm-activation',
    slope: 0.2,
    epsilon: 1e-3,
    bias,
    outputActivation: 'sigmoid',
    skipOrder: 'decoder-encoder',
    output: 'mask',
  });
  return networkLayers(graph, { bins, frames });
}

function spleeterLayers({ filters, bins, frames }: CountedSpleeter) {
  const graph = buildSpleeter({
    family: 'spleeter',
    filters,
    epsilon: 1e-3,
    encoder: { kind: 'leaky-relu', slope: 0.2 },
    decoder: { kind: 'relu' },
    output: 'mask',
  });
  return networkLayers(graph, { bins, frames });
}

describe('networkLayers', () => {
  test.each([
    ...Object.entries(counted).map(([name, counts]) => [`the U-Net “${name}”`, layersOf(counts), counts] as const),
    ...Object.entries(countedSpleeter).map(
      ([name, counts]) => [`Spleeter’s network “${name}”`, spleeterLayers(counts), counts] as const,
    ),
  ])('matches PyTorch’s counts of %s, layer by layer', (_, found, reference) => {
    const layers = found.map(({ name, input, output, parameters, trainable, multiplyAdds }) => ({
      name,
      input: [input.bins, input.frames, input.channels],
      output: [output.bins, output.frames, output.channels],
      parameters,
      trainable,
      multiplyAdds,
    }));
    expect(layers).toEqual(reference.layers);
  });

  test.each([
    ['the paper’s network', layersOf(counted.paper)],
    ['Spleeter’s', spleeterLayers(countedSpleeter.spleeter)],
  ])('lists the source of each skip connection of %s, with a matching size', (_, layers) => {
    const decoder = layers.filter((layer) => layer.part === 'decoder');
    expect(decoder.map((layer) => layer.skip?.from)).toEqual([undefined, 4, 3, 2, 1, 0]);
    for (const layer of decoder.slice(1)) {
      const from = layers.find(({ part, index }) => part === 'encoder' && index === layer.skip?.from)!;
      expect(layer.skip?.channels).toBe(from.output.channels);
      expect([from.output.bins, from.output.frames]).toEqual([layer.input.bins, layer.input.frames]);
    }
  });
});

test('lists the kind of each convolution of Spleeter, and what follows it', () => {
  const layers = spleeterLayers(countedSpleeter.small);
  expect(
    layers.map(({ name, steps, activation, kernel, stride, dilation, convolution }) => [
      name,
      `${convolution} ${kernel}, stride ${stride}, dilation ${dilation}`,
      steps.join(', '),
      activation,
    ]),
  ).toEqual([
    ...[0, 1].map((n) => [
      `encoder_${n}`,
      'convolution 5, stride 2, dilation 1',
      'batch-norm, activation',
      { kind: 'leaky-relu', slope: 0.2 },
    ]),
    ['encoder_2', 'convolution 5, stride 2, dilation 1', '', undefined],
    ...[0, 1, 2].map((n) => [
      `decoder_${n}`,
      'transposed-convolution 5, stride 2, dilation 1',
      'activation, batch-norm',
      { kind: 'relu' },
    ]),
    ['output_0', 'convolution 4, stride 1, dilation 2', 'activation', { kind: 'sigmoid' }],
  ]);
});

test('a network of Spleeter has 9.82 million parameters, 9.83 million with unused ones, and 6.10 billion multiply-adds', () => {
  const { spleeter } = countedSpleeter;
  const { parameters, multiplyAdds } = networkTotals(spleeterLayers(spleeter));
  expect((parameters / 1e6).toFixed(2)).toBe('9.82');
  expect(((parameters + spleeter.unused) / 1e6).toFixed(2)).toBe('9.83');
  expect((multiplyAdds / 1e9).toFixed(2)).toBe('6.10');
});

test('the paper’s network has 9.83 million parameters and 0.754 billion multiply-adds for a patch', () => {
  const { parameters, multiplyAdds } = networkTotals(layersOf(counted.paper));
  expect((parameters / 1e6).toFixed(2)).toBe('9.83');
  expect((multiplyAdds / 1e9).toFixed(3)).toBe('0.754');
});
