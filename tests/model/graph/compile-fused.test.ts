import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareBackends } from '../../../src/model/backend.node.ts';
import { createNetwork } from '../../../src/model/graph/compile-fused.ts';
import { buildLayersModel } from '../../../src/model/graph/compile-layers.ts';
import { type Fixture, maxDifference, NETWORKS, readFixture } from '../fixtures.ts';

beforeAll(prepareBackends);

async function layersOutput({ description, graph, weights, input, shape }: Fixture): Promise<Float32Array> {
  await tf.setBackend('cpu');
  const model = buildLayersModel(graph, description.patch, weights);
  const output = tf.tidy(() => (model.predict(tf.tensor4d(input, shape)) as tf.Tensor).dataSync() as Float32Array);
  model.dispose();
  return output;
}

describe.each(NETWORKS)('the network %s', (name) => {
  it('as a layers model gives what PyTorch gives, to 1e-4', async () => {
    const fixture = await readFixture(name);
    expect(maxDifference(await layersOutput(fixture), fixture.output)).toBeLessThan(1e-4);
  });

  it.each(['cpu', 'wasm'])('as the fast executor on %s gives what the layers model gives, to 1e-5', async (backend) => {
    const fixture = await readFixture(name);
    const truth = await layersOutput(fixture);
    await tf.setBackend(backend);
    const network = createNetwork(fixture.graph, fixture.weights);
    const output = tf.tidy(() => network.predict(tf.tensor4d(fixture.input, fixture.shape)).dataSync() as Float32Array);
    network.dispose();
    expect(maxDifference(output, truth)).toBeLessThan(1e-5);
    expect(maxDifference(output, fixture.output)).toBeLessThan(1e-4);
  });

  it('computes each patch of a batch as if it were alone', async () => {
    const { graph, weights, input, shape } = await readFixture(name);
    await tf.setBackend('wasm');
    const network = createNetwork(graph, weights);
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

describe('the fast executor', () => {
  it.each(['cpu', 'wasm'])('leaves no tensor and no byte behind on %s', async (backend) => {
    const { graph, weights, input, shape } = await readFixture('activation-norm');
    await tf.setBackend(backend);
    const { numTensors, numBytes } = tf.memory();
    const network = createNetwork(graph, weights);
    const held = tf.memory().numTensors;
    for (let round = 0; round < 3; round++) {
      const x = tf.tensor4d(input, shape);
      network.predict(x).dispose();
      x.dispose();
      expect(tf.memory().numTensors).toBe(held);
    }
    network.dispose();
    expect(tf.memory()).toMatchObject({ numTensors, numBytes });
  });
});
