import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeEach, describe, expect, it } from 'vitest';
import { createFusedNetwork } from '../../../src/model/graph/compile-fused.ts';
import { foldConvolution, normFactors } from '../../../src/model/graph/fold-batch-norm.ts';
import { BlockBuilder, INPUT, type LayerGraph, weightShapes } from '../../../src/model/graph/layer-graph.ts';
import type { NamedWeights } from '../../../src/model/weights.ts';
import { maxDifference } from '../fixtures.ts';
import { readCase } from './cases.ts';

beforeEach(async () => {
  await tf.setBackend('cpu');
});

const CONVOLUTION = { kind: 'convolution', size: 5, stride: 2, dilation: 1, inputs: 1, bias: true } as const;
const TRANSPOSED = { kind: 'transposed-convolution', size: 5, inputs: 3, bias: true } as const;
const NORM = { kind: 'batch-norm', epsilon: 1e-2 } as const;

/** Convolution, norm, and transposed convolution. `raw`: the last one also reads the convolution's raw output. */
function smallGraph(raw: boolean): LayerGraph {
  const encoder = new BlockBuilder('encoder', 0);
  const conv = encoder.add('conv', CONVOLUTION, [INPUT], 3);
  const normed = encoder.add('norm', NORM, [conv], 3);
  const blocks = [encoder.build()];
  const decoder = new BlockBuilder('decoder', 0);
  const skip = { kind: 'concatenate', skip: { input: 1, from: 0 } } as const;
  const joined = raw ? decoder.add('skip', skip, [normed, conv], 6) : normed;
  decoder.add('conv', { ...TRANSPOSED, inputs: raw ? 6 : 3 }, [joined], 1);
  return { channels: 1, depth: 1, blocks: [...blocks, decoder.build()] };
}

function randomWeights(graph: LayerGraph): NamedWeights {
  return new Map(
    [...weightShapes(graph)].map(([name, shape], seed) => {
      const values = tf
        .randomUniform([...shape], 0.3, 1.5, 'float32', seed + 1)
        .dataSync() as Float32Array<ArrayBuffer>;
      return [name, { shape, values }] as const;
    }),
  );
}

/** TF.js's own operations, one after the other. */
function plainly(weights: NamedWeights, x: tf.Tensor4D, raw: boolean): Float32Array {
  return tf.tidy(() => {
    const tensor = (name: string) => {
      const { shape, values } = weights.get(name)!;
      return tf.tensor(values, [...shape]);
    };
    const conv = tf.add(
      tf.conv2d(x, tensor('encoder_0_conv/kernel') as tf.Tensor4D, 2, 'same'),
      tensor('encoder_0_conv/bias'),
    ) as tf.Tensor4D;
    const [mean, variance, beta, gamma] = ['moving_mean', 'moving_variance', 'beta', 'gamma'].map(
      (part) => tensor(`encoder_0_norm/${part}`) as tf.Tensor1D,
    );
    const normed = tf.batchNorm4d(conv, mean, variance, beta, gamma, 1e-2);
    const joined = raw ? tf.concat([normed, conv], 3) : normed;
    const kernel = tensor('decoder_0_conv/kernel') as tf.Tensor4D;
    const [n, bins, frames] = x.shape;
    const output = tf.conv2dTranspose(joined, kernel, [n, bins, frames, 1], 2, 'same');
    return tf.add(output, tensor('decoder_0_conv/bias')).dataSync() as Float32Array;
  });
}

/** The TF.js kernels that one run of a network calls. */
async function kernelsOf(graph: LayerGraph, weights: NamedWeights, x: tf.Tensor4D): Promise<Record<string, number>> {
  const network = createFusedNetwork(graph, weights);
  const { kernels } = await tf.profile(() => network.predict(x));
  network.dispose();
  const counts: Record<string, number> = {};
  for (const { name } of kernels) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

describe('a batch norm after a convolution', () => {
  it.each([
    [false, undefined],
    [true, 1],
  ])('matches TF.js, and is folded unless another node reads the raw output: %s', async (raw, affine) => {
    const graph = smallGraph(raw);
    const weights = randomWeights(graph);
    const x = tf.randomUniform([2, 8, 6, 1], 0, 1, 'float32', 7) as tf.Tensor4D;
    const network = createFusedNetwork(graph, weights);
    const output = tf.tidy(() => network.predict(x).dataSync() as Float32Array);
    network.dispose();
    const truth = plainly(weights, x, raw);
    expect(maxDifference(output, truth)).toBeLessThan(1e-5 * Math.max(...truth));
    expect((await kernelsOf(graph, weights, x)).FusedDepthwiseConv2D).toBe(affine);
    x.dispose();
  });

  it.each([
    // All are folded. Three convolutions, and two or four for each transposed convolution.
    ['paper', undefined],
    // After the activation there is no convolution to fold into.
    ['activation-norm', 5],
    // Two in the encoder, where skip connections read the raw output, and three after activations.
    ['spleeter/vocals', 5],
  ])('needs a pass of its own in %s only where it cannot be folded', async (name, passes) => {
    const { graph, weights, shape } = await readCase(name);
    const x = tf.zeros(shape) as tf.Tensor4D;
    const kernels = await kernelsOf(graph, weights, x);
    x.dispose();
    expect(kernels.FusedDepthwiseConv2D).toBe(passes);
    for (const plain of ['Conv2D', 'FusedBatchNorm', 'Add', 'LeakyRelu', 'Relu', 'Sigmoid']) {
      expect(kernels[plain]).toBeUndefined();
    }
  });
});

describe('foldConvolution', () => {
  it('does not change its input weights', async () => {
    const { graph, weights } = await readCase('paper');
    const before = new Map([...weights].map(([name, { values }]) => [name, values.slice()]));
    for (const { nodes } of graph.blocks) {
      const [conv, norm] = nodes.filter(({ operation }) => /convolution|norm/.test(operation.kind));
      foldConvolution(conv, norm, weights);
    }
    for (const [name, { values }] of weights) expect(values).toEqual(before.get(name));
  });

  it('computes a batch norm’s factors by the formula', () => {
    const one = (value: number) => ({ shape: [1], values: Float32Array.of(value) });
    const weights = new Map(
      Object.entries({ gamma: 3, beta: 5, moving_mean: 2, moving_variance: 15.75 }).map(
        ([part, value]) => [`n/${part}`, one(value)] as const,
      ),
    );
    const { scale, shift } = normFactors('n', 0.25, weights);
    expect([scale[0], shift[0]]).toEqual([0.75, 3.5]);
  });
});
