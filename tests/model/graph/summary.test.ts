import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { networkLayers, networkTotals } from '../../../src/model/graph/summary.ts';
import { buildUnet } from '../../../src/model/graph/unet.ts';
import { fixturePath } from '../fixtures.ts';

/** PyTorch's counts, by training/reference/network_counts.py. */
interface Counted {
  readonly kernel: 4 | 5;
  readonly encoderFilters: number[];
  readonly decoderFilters: number[];
  readonly bias: boolean;
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

const counted = JSON.parse(readFileSync(fixturePath('network-counts.json'), 'utf8')) as Record<string, Counted>;

function layersOf({ kernel, encoderFilters, decoderFilters, bias, bins, frames }: Counted) {
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

describe('networkLayers', () => {
  test.each(Object.entries(counted))('counts %s as PyTorch does, layer by layer', (_, reference) => {
    const layers = layersOf(reference).map(({ name, input, output, parameters, trainable, multiplyAdds }) => ({
      name,
      input: [input.bins, input.frames, input.channels],
      output: [output.bins, output.frames, output.channels],
      parameters,
      trainable,
      multiplyAdds,
    }));
    expect(layers).toEqual(reference.layers);
  });

  test('says where each skip connection comes from, and its size fits', () => {
    const layers = layersOf(counted.paper);
    const decoder = layers.filter((layer) => layer.part === 'decoder');
    expect(decoder.map((layer) => layer.skip?.from)).toEqual([undefined, 4, 3, 2, 1, 0]);
    for (const layer of decoder.slice(1)) {
      const from = layers.find(({ part, index }) => part === 'encoder' && index === layer.skip?.from)!;
      expect(layer.skip?.channels).toBe(from.output.channels);
      expect([from.output.bins, from.output.frames]).toEqual([layer.input.bins, layer.input.frames]);
    }
  });
});

test('the paper’s network has 9.83 million parameters and 0.754 thousand million multiply-adds a patch', () => {
  const { parameters, multiplyAdds } = networkTotals(layersOf(counted.paper));
  expect((parameters / 1e6).toFixed(2)).toBe('9.83');
  expect((multiplyAdds / 1e9).toFixed(3)).toBe('0.754');
});
