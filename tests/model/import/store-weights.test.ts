import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, it } from 'vitest';
import { SMALL_UNET } from '../../../src/learning/train/small-unet.ts';
import { buildGraph } from '../../../src/model/graph/build-graph.ts';
import { storeWeights } from '../../../src/model/import/store-weights.ts';
import type { StoredType } from '../../../src/model/import/types.ts';
import { mainNetwork } from '../../../src/model/manifest.ts';
import { decodeGroup, type NamedWeights } from '../../../src/model/weights.ts';
import { readFixture } from '../fixtures.ts';

const KERNEL = 'encoder_0_conv/kernel';
const TRANSPOSED = 'decoder_0_conv/kernel';

const graph = buildGraph(mainNetwork(SMALL_UNET)[1]);

function weightsOf(shape: readonly number[], values: readonly number[], name = KERNEL): NamedWeights {
  return new Map([[name, { shape, values: Float32Array.from(values) }]]);
}

/** Encodes weights and reads them with our loader. */
function stored(weights: NamedWeights, type: StoredType): Float32Array {
  const { group, shards } = storeWeights(weights, type, graph);
  return [...decodeGroup(group, shards, 'test').values()][0].values;
}

describe('storeWeights', () => {
  it.each<StoredType>(['float32', 'float16'])('writes %s that tfjs-core reads', async (type) => {
    const { weights } = await readFixture('paper');
    const { group, shards } = storeWeights(weights, type, graph);
    const ours = decodeGroup(group, shards, 'test');
    tf.enableProdMode();
    await tf.setBackend('cpu');
    const theirs = tf.io.decodeWeights(Uint8Array.from(Buffer.concat(shards)).buffer, [
      ...group.weights,
    ] as tf.io.WeightsManifestEntry[]);
    for (const [name, { shape }] of weights) {
      expect(theirs[name].shape).toEqual(shape);
      expect([...ours.get(name)!.values]).toEqual([...theirs[name].dataSync()]);
      theirs[name].dispose();
    }
  });

  it('keeps exact single precision', () => {
    const values = [1 / 3, -1e-30, 65505, 0].map(Math.fround);
    expect([...stored(weightsOf([4], values), 'float32')]).toEqual(values);
  });

  it.each([
    ['a convolution', KERNEL, [5, 5, 600, 10], (n: number) => n % 10],
    ['a transposed convolution', TRANSPOSED, [5, 5, 10, 600], (n: number) => Math.floor(n / 600) % 10],
  ] as const)(
    'stores the kernel of %s in 256 steps for each output channel, with exact zeros',
    (_, name, shape, channelOf) => {
      // Each channel is ten times as large as the previous one.
      const values = Array.from({ length: 150_000 }, (_, n) =>
        Math.fround(n % 7 === 0 ? 0 : (Math.sin(n) * 0.3 + 0.1) * 10 ** (channelOf(n) - 5)),
      );
      const read = stored(weightsOf(shape, values, name), 'uint8');
      for (let channel = 0; channel < 10; channel++) {
        const places = [...values.keys()].filter((n) => channelOf(n) === channel);
        const own = places.map((n) => values[n]);
        const step = (Math.max(0, ...own) - Math.min(0, ...own)) / 255;
        // One step more at the ends, for 0 is moved onto a step.
        expect(Math.max(...places.map((n) => Math.abs(read[n] - values[n])))).toBeLessThan(1.01 * step);
        expect(places.every((n) => values[n] !== 0 || read[n] === 0)).toBe(true);
      }
    },
  );

  it.each([
    ['zeros', 0],
    ['one positive number', 2.5],
    ['one negative number', -2.5],
  ])('stores a kernel whose values are all %s', (_, value) => {
    const read = stored(weightsOf([1, 1, 400, 400], Array(160_000).fill(value)), 'uint8');
    expect(read.every((number) => Math.abs(number - value) < 1e-5)).toBe(true);
  });

  it('stores a small kernel in half precision with uint8', () => {
    const values = [1 / 3, -2.5, 1e-3, 7];
    expect([...stored(weightsOf([1, 1, 2, 2], values), 'uint8')]).toEqual([
      ...stored(weightsOf([1, 1, 2, 2], values), 'float16'),
    ]);
  });

  it('keeps biases and norms in single precision with uint8', () => {
    const values = [1e-9, 1, 100].map(Math.fround);
    expect([...stored(weightsOf([3], values, 'encoder_0_conv/bias'), 'uint8')]).toEqual(values);
  });

  it('cuts the bytes into at most five shards', () => {
    const large = new Map([['w', { shape: [7 * 2 ** 20], values: new Float32Array(7 * 2 ** 20).fill(0.5) }]]);
    const { group, shards } = storeWeights(large, 'float32', graph);
    expect(shards).toHaveLength(5);
    expect(group.paths).toEqual([1, 2, 3, 4, 5].map((n) => `group1-shard${n}of5.bin`));
    expect(shards.reduce((sum, shard) => sum + shard.length, 0)).toBe(28 * 2 ** 20);
  });
});
