import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createFusedNetwork } from '../../../src/model/graph/compile-fused.ts';
import { buildLayersModel } from '../../../src/model/graph/compile-layers.ts';
import { type LayerGraph, nodesOf, type Operation } from '../../../src/model/graph/layer-graph.ts';
import { networkLayers } from '../../../src/model/graph/summary.ts';
import { prepareBackends } from '../../../src/model/runtime/backend.node.ts';
import type { NamedWeights } from '../../../src/model/weights.ts';
import { maxDifference, readFixture } from '../fixtures.ts';
import { readCase } from './cases.ts';

beforeAll(prepareBackends);

/** The weights with zeros where a decoder block reads the skip connection from encoder block `from`. */
function withoutSkip(graph: LayerGraph, weights: NamedWeights, from: number): NamedWeights {
  const joined = nodesOf(graph).find(
    ({ operation }) => operation.kind === 'concatenate' && operation.skip.from === from,
  )!;
  const { skip } = joined.operation as Extract<Operation, { kind: 'concatenate' }>;
  const channels = joined.inputs.map((input) => nodesOf(graph).find((node) => node.name === input)!.channels);
  const first = skip.input === 0 ? 0 : channels[0];
  const name = `${joined.name.replace('_skip', '_conv')}/kernel`;
  const { shape, values } = weights.get(name)!;
  // (kh, kw, out, in) of a transposed convolution.
  const inputs = shape[3];
  const cut = values.map((value, n) => (n % inputs >= first && n % inputs < first + channels[skip.input] ? 0 : value));
  return new Map([...weights, [name, { shape, values: cut }]]);
}

describe.each(['paper', 'kernel-4', 'activation-norm', 'spleeter/vocals', 'spleeter-elu/drums', 'spleeter-logit/bass'])(
  'hooks into the network %s',
  (name) => {
    it('receive every layer in the manifest’s shape, and leave no tensor behind', async () => {
      const { graph, weights, input, shape, patch } = await readCase(name);
      await tf.setBackend('cpu');
      const network = createFusedNetwork(graph, weights);
      // The first run creates the filters.
      tf.tidy(() => void network.predict(tf.tensor4d(input, shape)));
      const before = tf.memory().numTensors;
      const seen: [string, number[]][] = [];
      tf.tidy(() => {
        network.predict(tf.tensor4d(input, shape), {
          onLayer: (name, { shape: [, h, w, c] }) => seen.push([name, [h, w, c]]),
        });
      });
      expect(tf.memory().numTensors).toBe(before);
      const layers = networkLayers(graph, patch);
      expect(seen).toEqual(layers.map(({ name, output }) => [name, [output.bins, output.frames, output.channels]]));
      network.dispose();
    });

    it('receive the network’s output as the last layer', async () => {
      const { graph, weights, input, shape, output } = await readCase(name);
      await tf.setBackend('cpu');
      const network = createFusedNetwork(graph, weights);
      const seen = new Map<string, Float32Array>();
      tf.tidy(() => {
        network.predict(tf.tensor4d(input, shape), {
          onLayer: (layer, tensor) => seen.set(layer, tensor.dataSync() as Float32Array),
        });
      });
      network.dispose();
      expect(maxDifference(seen.get(graph.blocks.at(-1)!.name)!, output)).toBeLessThan(1e-4);
    });

    it('change the mask when skip connections are cut, and only then', async () => {
      const { graph, weights, input, shape, output } = await readCase(name);
      await tf.setBackend('cpu');
      const network = createFusedNetwork(graph, weights);
      const with_ = (cut: number[]) =>
        tf.tidy(() => network.predict(tf.tensor4d(input, shape), { cut: new Set(cut) }).dataSync() as Float32Array);
      expect(maxDifference(with_([]), output)).toBeLessThan(1e-4);
      expect(maxDifference(with_([0]), output)).toBeGreaterThan(1e-3);
      // The deepest encoder's output is not a skip connection.
      expect(maxDifference(with_([graph.depth - 1]), output)).toBeLessThan(1e-4);
      network.dispose();
    });

    it.each(['cpu', 'wasm'])('cut a skip connection on %s like zeros in the kernel that reads it', async (backend) => {
      const { graph, weights, input, shape } = await readCase(name);
      for (const cut of [[0], [1], [0, 1]]) {
        await tf.setBackend('cpu');
        const [, bins, frames] = shape;
        const zeroed = cut.reduce((left, from) => withoutSkip(graph, left, from), weights);
        const model = buildLayersModel(graph, { bins, frames }, zeroed);
        const truth = tf.tidy(() => (model.predict(tf.tensor4d(input, shape)) as tf.Tensor).dataSync());
        model.dispose();
        await tf.setBackend(backend);
        const network = createFusedNetwork(graph, weights);
        const output = tf.tidy(() => network.predict(tf.tensor4d(input, shape), { cut: new Set(cut) }).dataSync());
        network.dispose();
        expect(maxDifference(output, truth)).toBeLessThan(1e-5);
      }
    });
  },
);

describe('the network', () => {
  it.each(['cpu', 'wasm'])(
    'has the gradient of finite differences when it is differentiable, on %s',
    async (backend) => {
      const { graph, weights, input, shape } = await readFixture('paper');
      await tf.setBackend(backend);
      const network = createFusedNetwork(graph, weights, { differentiable: true });
      const [, rows, frames, channels] = shape;
      const size = rows * frames * channels;
      const cell = Math.floor(size / 2) + 3;
      const one = input.slice(0, size);
      const value = (x: tf.Tensor) =>
        tf.sum(tf.slice(tf.reshape(network.predict(x as tf.Tensor4D), [-1]), [cell], [1])) as tf.Scalar;
      const gradient = tf.tidy(
        () =>
          tf
            .grad(value)(tf.tensor4d(one, [1, rows, frames, channels]))
            .dataSync() as Float32Array,
      );
      const strongest = gradient.reduce((best, g, n) => (Math.abs(g) > Math.abs(gradient[best]) ? n : best), 0);
      expect(Math.abs(gradient[strongest])).toBeGreaterThan(0);
      const at = (delta: number) =>
        tf.tidy(() => {
          const moved = one.slice();
          moved[strongest] += delta;
          return value(tf.tensor4d(moved, [1, rows, frames, channels])).dataSync()[0];
        });
      const step = 1e-2;
      const difference = (at(step) - at(-step)) / (2 * step);
      expect(Math.abs(difference - gradient[strongest])).toBeLessThan(0.05 * Math.abs(gradient[strongest]));
      network.dispose();
    },
  );
});
