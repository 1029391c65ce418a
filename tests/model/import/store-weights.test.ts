import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, it } from 'vitest';
import { storeWeights } from '../../../src/model/import/store-weights.ts';
import type { StoredType } from '../../../src/model/import/types.ts';
import { decodeGroup, type NamedWeights } from '../../../src/model/weights.ts';
import { readFixture } from '../fixtures.ts';

function weightsOf(shape: readonly number[], values: readonly number[]): NamedWeights {
  return new Map([['w', { shape, values: Float32Array.from(values) }]]);
}

/** Written and read again by our own loader. */
function stored(weights: NamedWeights, type: StoredType): NamedWeights {
  const { group, shards } = storeWeights(weights, type);
  return decodeGroup(group, shards, 'test');
}

describe('storeWeights', () => {
  it.each<StoredType>(['float32', 'float16', 'uint8'])('writes %s as tfjs-core reads it', async (type) => {
    const { weights } = await readFixture('paper');
    const { group, shards } = storeWeights(weights, type);
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

  it('keeps single precision to the bit', () => {
    const values = [1 / 3, -1e-30, 65505, 0].map(Math.fround);
    expect([...stored(weightsOf([4], values), 'float32').get('w')!.values]).toEqual(values);
  });

  it('stores kernels in 256 steps, none further off than half a step, and zeros as zeros', () => {
    const values = Array.from({ length: 1000 }, (_, n) => (n % 7 === 0 ? 0 : Math.sin(n) * 0.3 + 0.1));
    const read = stored(weightsOf([5, 5, 4, 10], values), 'uint8').get('w')!.values;
    const step = (Math.max(...values) - Math.min(...values)) / 255;
    for (const [n, value] of values.entries()) {
      // One step more at the ends, for 0 is moved onto a step.
      expect(Math.abs(read[n] - value)).toBeLessThan(1.01 * step);
      if (value === 0) expect(Math.abs(read[n])).toBe(0);
    }
    expect(new Set(read).size).toBeGreaterThan(200);
  });

  it.each([
    ['zeros', 0],
    ['one positive number', 2.5],
    ['one negative number', -2.5],
  ])('stores a kernel of nothing but %s', (_, value) => {
    const read = stored(weightsOf([1, 1, 2, 2], Array(4).fill(value)), 'uint8').get('w')!.values;
    for (const number of read) expect(number).toBeCloseTo(value, 5);
  });

  it('keeps biases and norms in single precision with uint8', () => {
    const values = [1e-9, 1, 100].map(Math.fround);
    expect([...stored(weightsOf([3], values), 'uint8').get('w')!.values]).toEqual(values);
  });

  it('cuts the whole into at most five shards', () => {
    const large = new Map([['w', { shape: [7 * 2 ** 20], values: new Float32Array(7 * 2 ** 20).fill(0.5) }]]);
    const { group, shards } = storeWeights(large, 'float32');
    expect(shards).toHaveLength(5);
    expect(group.paths).toEqual([1, 2, 3, 4, 5].map((n) => `group1-shard${n}of5.bin`));
    expect(shards.reduce((sum, shard) => sum + shard.length, 0)).toBe(28 * 2 ** 20);
  });
});
