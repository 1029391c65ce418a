import { getFloat16, setFloat16 } from '@petamoriken/float16';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, it } from 'vitest';
import { ModelError } from '../../src/core/errors.ts';
import { checkWeights, decodeFloat16, decodeGroup, type WeightGroup, weightGroups } from '../../src/model/weights.ts';
import { readFixture } from './fixtures.ts';

describe('decodeGroup', () => {
  it('reads every type of weight like tfjs-core, across the ends of shards', async () => {
    const group: WeightGroup = {
      paths: ['a', 'b'],
      weights: [
        { name: 'plain', shape: [3], dtype: 'float32' },
        { name: 'byte', shape: [5], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.1, min: -3 } },
        { name: 'half', shape: [2, 3], dtype: 'float32', quantization: { dtype: 'float16' } },
        { name: 'word', shape: [2], dtype: 'float32', quantization: { dtype: 'uint16', scale: 0.001, min: 7 } },
      ],
    };
    const bytes = new Uint8Array(12 + 5 + 12 + 4);
    const view = new DataView(bytes.buffer);
    for (const [n, value] of [1.5, -0.25, 1e-9].entries()) view.setFloat32(n * 4, value, true);
    bytes.set([0, 1, 128, 254, 255], 12);
    for (const [n, value] of [1, -2.5, 6e-8, 65504, 0.1, -0].entries()) setFloat16(view, 17 + n * 2, value, true);
    view.setUint16(29, 65535, true);
    view.setUint16(31, 3, true);

    const ours = decodeGroup(group, [bytes.subarray(0, 14), bytes.subarray(14)], 'test');
    await tf.setBackend('cpu');
    const theirs = tf.io.decodeWeights(bytes.buffer, group.weights as tf.io.WeightsManifestEntry[]);
    for (const { name, shape } of group.weights) {
      expect(ours.get(name)?.shape).toEqual(shape);
      expect([...ours.get(name)!.values]).toEqual([...theirs[name].dataSync()]);
      theirs[name].dispose();
    }
  });

  it('decodes every half-precision number exactly', () => {
    const all = Uint16Array.from({ length: 65536 }, (_, n) => n);
    const decoded = decodeFloat16(all);
    const view = new DataView(all.buffer);
    for (let n = 0; n < all.length; n++) {
      if (!Object.is(decoded[n], getFloat16(view, n * 2, true))) {
        expect.fail(`${n} became ${decoded[n]}, not ${getFloat16(view, n * 2, true)}`);
      }
    }
  });

  it.each([
    ['too few bytes', 11],
    ['too many bytes', 13],
  ])('rejects %s', (_, length) => {
    const group: WeightGroup = { paths: ['a'], weights: [{ name: 'w', shape: [3], dtype: 'float32' }] };
    expect(() => decodeGroup(group, [new Uint8Array(length)], 'test')).toThrow(ModelError);
  });

  it('rejects an unknown type', () => {
    const group: WeightGroup = { paths: ['a'], weights: [{ name: 'w', shape: [1], dtype: 'int32' }] };
    expect(() => decodeGroup(group, [new Uint8Array(4)], 'test')).toThrow(/unknown type int32/);
  });
});

describe('weightGroups', () => {
  it.each([[null], [{}], [{ weightsManifest: [{}] }]])('rejects a model.json without weights: %j', (json) => {
    expect(() => weightGroups(json, 'model.json')).toThrow(/model\.json lists no weights/);
  });
});

describe('checkWeights', () => {
  it('names every weight that is missing, surplus or of the wrong shape', async () => {
    const { weights, graph } = await readFixture('paper');
    checkWeights(weights, graph, 'test');
    const wrong = new Map(weights);
    wrong.delete('encoder_0_conv/kernel');
    wrong.set('decoder_0_norm/gamma', { shape: [3], values: new Float32Array(3) });
    wrong.set('extra', { shape: [1], values: new Float32Array(1) });
    expect(() => checkWeights(wrong, graph, 'test')).toThrow(
      /encoder_0_conv\/kernel is missing; decoder_0_norm\/gamma is 3, not 9; extra belongs to no layer/,
    );
  });
});
