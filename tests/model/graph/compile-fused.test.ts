import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createFusedNetwork } from '../../../src/model/graph/compile-fused.ts';
import { buildLayersModel } from '../../../src/model/graph/compile-layers.ts';
import { prepareBackends } from '../../../src/model/runtime/backend.node.ts';
import { maxDifference } from '../fixtures.ts';
import { CASES, type NetworkCase, readCase } from './cases.ts';

beforeAll(prepareBackends);

type Inputs = Pick<NetworkCase, 'graph' | 'weights' | 'input' | 'shape'>;

async function layersOutput({ graph, weights, input, shape }: Inputs): Promise<Float32Array> {
  await tf.setBackend('cpu');
  const [, bins, frames] = shape;
  const model = buildLayersModel(graph, { bins, frames }, weights);
  const output = tf.tidy(() => (model.predict(tf.tensor4d(input, shape)) as tf.Tensor).dataSync() as Float32Array);
  model.dispose();
  return output;
}

async function fusedOutput({ graph, weights, input, shape }: Inputs, backend: string): Promise<Float32Array> {
  await tf.setBackend(backend);
  const network = createFusedNetwork(graph, weights);
  const output = tf.tidy(() => network.predict(tf.tensor4d(input, shape)).dataSync() as Float32Array);
  network.dispose();
  return output;
}

describe.each(CASES)('the network %s', (name) => {
  it('matches PyTorch as a layers model, to 1e-4', async () => {
    const fixture = await readCase(name);
    expect(maxDifference(await layersOutput(fixture), fixture.output)).toBeLessThan(1e-4);
  });

  it.each(['cpu', 'wasm'])('matches the layers model as a fused network on %s, to 1e-5', async (backend) => {
    const fixture = await readCase(name);
    const output = await fusedOutput(fixture, backend);
    expect(maxDifference(output, await layersOutput(fixture))).toBeLessThan(1e-5);
    expect(maxDifference(output, fixture.output)).toBeLessThan(1e-4);
  });

  it('computes each patch of a batch independently', async () => {
    const { graph, weights, input, shape } = await readCase(name);
    await tf.setBackend('wasm');
    const network = createFusedNetwork(graph, weights);
    const [n, ...one] = shape;
    const together = tf.tidy(() => network.predict(tf.tensor4d(input, shape)).dataSync());
    const size = input.length / n;
    for (let patch = 0; patch < n; patch++) {
      const alone = tf.tidy(() => {
        const x = tf.tensor4d(input.slice(patch * size, (patch + 1) * size), [1, ...one]);
        return network.predict(x).dataSync();
      });
      expect(maxDifference(alone, together.subarray(patch * size, (patch + 1) * size))).toBeLessThan(1e-6);
    }
    network.dispose();
  });
});

describe.each(['paper', 'activation-norm', 'stereo', 'spleeter/vocals', 'spleeter-logit/piano'])(
  'the network %s, which is fully convolutional,',
  (name) => {
    it.each([
      [8, 8],
      [16, 16],
      [24, 8],
      [8, 40],
      [64, 24],
    ])('matches the layers model of the same size on %i bins × %i frames', async (bins, frames) => {
      const { graph, weights, shape } = await readCase(name);
      const channels = shape[3];
      const input = Float32Array.from({ length: 2 * bins * frames * channels }, (_, n) => Math.sin(n * n) ** 2);
      const given: Inputs = { graph, weights, input, shape: [2, bins, frames, channels] };
      const truth = await layersOutput(given);
      expect(truth.length).toBe(input.length);
      expect(Math.max(...truth) - Math.min(...truth)).toBeGreaterThan(0.02);
      for (const backend of ['cpu', 'wasm']) {
        expect(maxDifference(await fusedOutput(given, backend), truth)).toBeLessThan(1e-5);
      }
    });

    it('returns the same result for a patch size after running on another size', async () => {
      const { graph, weights, input, shape, output } = await readCase(name);
      await tf.setBackend('wasm');
      const network = createFusedNetwork(graph, weights);
      tf.tidy(() => network.predict(tf.ones([1, 16, 8, shape[3]])));
      const again = tf.tidy(() => network.predict(tf.tensor4d(input, shape)).dataSync());
      network.dispose();
      expect(maxDifference(again, output)).toBeLessThan(1e-4);
    });
  },
);

describe('a fused network', () => {
  it.each([
    ['cpu', 'activation-norm'],
    ['wasm', 'activation-norm'],
    ['cpu', 'spleeter/vocals'],
    ['wasm', 'spleeter/vocals'],
  ])('leaves no tensor and no memory behind on %s, with %s', async (backend, name) => {
    const { graph, weights, input, shape } = await readCase(name);
    await tf.setBackend(backend);
    const { numTensors, numBytes } = tf.memory();
    const network = createFusedNetwork(graph, weights);
    const predict = () => {
      const x = tf.tensor4d(input, shape);
      network.predict(x).dispose();
      x.dispose();
    };
    // The first run creates the filters.
    predict();
    const held = tf.memory().numTensors;
    for (let round = 0; round < 3; round++) {
      predict();
      expect(tf.memory().numTensors).toBe(held);
    }
    network.dispose();
    expect(tf.memory()).toMatchObject({ numTensors, numBytes });
  });
});
