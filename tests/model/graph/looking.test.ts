import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareBackends } from '../../../src/model/backend.node.ts';
import { createNetwork } from '../../../src/model/graph/compile-fused.ts';
import { networkLayers } from '../../../src/model/graph/summary.ts';
import { maxDifference, readFixture } from '../fixtures.ts';

beforeAll(prepareBackends);

describe('looking into the network', () => {
  it('sees every layer in the shape that the manifest says, and leaves no tensor behind', async () => {
    const { description, graph, weights, input, shape } = await readFixture('paper');
    await tf.setBackend('cpu');
    const network = createNetwork(graph, weights);
    const before = tf.memory().numTensors;
    const seen: [string, number[]][] = [];
    tf.tidy(() => {
      network.predict(tf.tensor4d(input, shape), {
        onLayer: (name, { shape: [, h, w, c] }) => seen.push([name, [h, w, c]]),
      });
    });
    expect(tf.memory().numTensors).toBe(before);
    const layers = networkLayers(graph, description.patch);
    expect(seen).toEqual(layers.map(({ name, output }) => [name, [output.bins, output.frames, output.channels]]));
    network.dispose();
  });

  it('without its skip connections gives another mask; with all of them the same', async () => {
    const { graph, weights, input, shape, output } = await readFixture('paper');
    await tf.setBackend('cpu');
    const network = createNetwork(graph, weights);
    const with_ = (cut: number[]) =>
      tf.tidy(() => network.predict(tf.tensor4d(input, shape), { cut: new Set(cut) }).dataSync() as Float32Array);
    expect(maxDifference(with_([]), output)).toBeLessThan(1e-4);
    expect(maxDifference(with_([0]), output)).toBeGreaterThan(1e-3);
    // The deepest encoder's output is no skip connection.
    expect(maxDifference(with_([graph.depth - 1]), output)).toBeLessThan(1e-4);
    network.dispose();
  });

  it.each(['cpu', 'wasm'])('as a differentiable one on %s has the gradient that differences have', async (backend) => {
    const { graph, weights, input, shape } = await readFixture('paper');
    await tf.setBackend(backend);
    const network = createNetwork(graph, weights, { differentiable: true });
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
  });
});
