import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ParameterError } from '../../../src/core/errors.ts';
import type { LoadedModel } from '../../../src/model/load.ts';
import { prepareBackends } from '../../../src/model/runtime/backend.node.ts';
import { MaskModel, PredictionError } from '../../../src/model/runtime/mask-model.ts';
import { loadFixture, maxDifference, NETWORKS, readFixture } from '../fixtures.ts';
import { abortReads, behave, fakeBackend, loseDevice } from './fake-backend.ts';

beforeAll(prepareBackends);
beforeEach(async () => {
  await tf.setBackend('wasm');
});

/** Backends of graphics cards, and how an error of memory is named. */
const GRAPHICS = [
  { device: 'WebGL', renderer: 'a real card', noMemory: 'OUT_OF_MEMORY' },
  { device: 'WebGPU', adapter: { vendor: 'a real card' }, noMemory: 'no memory' },
];

/** `count` copies of one patch. */
function repeat(patch: Float32Array, count: number): Float32Array {
  const patches = new Float32Array(patch.length * count);
  for (let n = 0; n < count; n++) patches.set(patch, n * patch.length);
  return patches;
}

/** The same network, declared as one of the accompaniment. */
function ofAccompaniment({ manifest, readWeights }: LoadedModel): LoadedModel {
  return {
    manifest: { ...manifest, networks: { accompaniment: manifest.networks.vocals! } },
    readWeights: () => readWeights('vocals'),
  };
}

describe('MaskModel.predict', () => {
  it.each(NETWORKS)('predicts the masks of PyTorch with %s, to 1e-4', async (name) => {
    const { magnitudes, mask, songMaximum } = await readFixture(name);
    const model = await MaskModel.create(await loadFixture(name));
    const before = magnitudes.slice();
    const predicted = await model.predict(magnitudes, 2, songMaximum);
    await model.dispose();
    expect(maxDifference(predicted, mask)).toBeLessThan(1e-4);
    expect(magnitudes).toEqual(before);
  });

  it('predicts the same masks for every batch size', async () => {
    const { magnitudes } = await readFixture('paper');
    const model = await MaskModel.create(await loadFixture('paper'));
    const patches = repeat(magnitudes, 3).subarray(0, 2.5 * magnitudes.length);
    const one = await model.predict(patches, 5);
    for (const batchSize of [2, 3, 4, 8]) {
      model.batchSize = batchSize;
      expect(maxDifference(await model.predict(patches, 5), one)).toBeLessThan(1e-6);
    }
    await model.dispose();
  });

  it('does not depend on a patch’s level when normalised by its maximum', async () => {
    const { magnitudes, mask } = await readFixture('paper');
    const model = await MaskModel.create(await loadFixture('paper'));
    const quiet = await model.predict(
      magnitudes.map((value) => value * 1e-6),
      2,
    );
    expect(maxDifference(quiet, mask)).toBeLessThan(1e-4);
    await model.dispose();
  });

  it.each(NETWORKS)('predicts 0 for silence with %s, and does not change neighbouring patches', async (name) => {
    const { magnitudes, mask, songMaximum } = await readFixture(name);
    const model = await MaskModel.create(await loadFixture(name));
    model.batchSize = 2;
    const size = magnitudes.length / 2;
    const patches = magnitudes.slice();
    patches.fill(0, 0, size);
    const predicted = await model.predict(patches, 2, songMaximum);
    await model.dispose();
    if (name !== 'activation-norm') expect(predicted.subarray(0, size).every((value) => value === 0)).toBe(true);
    expect(predicted.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(maxDifference(predicted.subarray(size), mask.subarray(size))).toBeLessThan(1e-4);
  });

  it('predicts 0 for a silent song', async () => {
    const model = await MaskModel.create(await loadFixture('activation-norm'));
    const predicted = await model.predict(new Float32Array(32 * 16), 1, 0);
    await model.dispose();
    expect(predicted.every((value) => value === 0)).toBe(true);
  });

  it('predicts 0 for silence when the model is one of the accompaniment', async () => {
    const model = await MaskModel.create(ofAccompaniment(await loadFixture('activation-norm')));
    const song = new Float32Array(32 * 16);
    expect((await model.predict(song, 1, 0)).every((value) => value === 0)).toBe(true);
    song.fill(2, 0, 8 * 32);
    const masks = await model.predict(song, 1, 2);
    await model.dispose();
    expect(masks.subarray(8 * 32).every((value) => value === 0)).toBe(true);
    expect(masks.subarray(0, 8 * 32).every((value) => value === 0)).toBe(false);
  });

  it.each(NETWORKS)('uses 1 − mask of a network of the accompaniment: %s', async (name) => {
    const { magnitudes, mask, songMaximum } = await readFixture(name);
    const model = await MaskModel.create(ofAccompaniment(await loadFixture(name)));
    const predicted = await model.predict(magnitudes, 2, songMaximum);
    await model.dispose();
    expect(
      maxDifference(
        predicted,
        mask.map((value) => 1 - value),
      ),
    ).toBeLessThan(1e-4);
  });

  it('runs the same network as another manifest says: on longer patches, or ones that are not normalised', async () => {
    const { numTensors } = tf.memory();
    const { magnitudes, mask } = await readFixture('paper');
    const model = await MaskModel.create(await loadFixture('paper'));
    const { manifest } = model;
    const { frames, bins } = manifest.patch;
    const longer = model.variant({ ...manifest, patch: { ...manifest.patch, frames: 2 * frames } });
    // Both patches in one: the masks differ where the network now has more context.
    const joined = await longer.predict(magnitudes, 1);
    expect(joined).toHaveLength(2 * frames * bins);
    expect(maxDifference(joined, mask)).toBeGreaterThan(1e-3);
    const plain = model.variant({ ...manifest, normalisation: { kind: 'none' } });
    const greatest = magnitudes.subarray(0, frames * bins).reduce((most, value) => Math.max(most, value), 0);
    const scaled = magnitudes.subarray(0, frames * bins).map((value) => value / greatest);
    expect(maxDifference(await plain.predict(scaled, 1), mask.subarray(0, frames * bins))).toBeLessThan(1e-4);
    expect(maxDifference(await model.predict(magnitudes, 2), mask)).toBeLessThan(1e-4);
    await model.dispose();
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it('rejects a partial patch, and a missing song maximum', async () => {
    const paper = await MaskModel.create(await loadFixture('paper'));
    await expect(paper.predict(new Float32Array(100), 1)).rejects.toThrow(ParameterError);
    await paper.dispose();
    const song = await MaskModel.create(await loadFixture('activation-norm'));
    await expect(song.predict(new Float32Array(32 * 16), 1)).rejects.toThrow(
      /needs the divisor of the song’s magnitudes/,
    );
    await song.dispose();
  });

  it('reports a failing backend as recoverable, and continues on another', async () => {
    const { magnitudes, mask } = await readFixture('paper');
    fakeBackend('gpu');
    const model = await MaskModel.create(await loadFixture('paper'), 'gpu');
    expect(maxDifference(await model.predict(magnitudes, 2), mask)).toBeLessThan(1e-4);
    behave('gpu', { failure: 'context lost' });
    const error = await model.predict(magnitudes, 2).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(PredictionError);
    expect(error).toMatchObject({ recoverable: true, message: /gpu failed/ });
    await model.moveTo('wasm');
    expect(model.backend).toBe('wasm');
    expect(maxDifference(await model.predict(magnitudes, 2), mask)).toBeLessThan(1e-4);
    await model.dispose();
  });

  it.each([
    { what: 'computes wrongly', gpu: { renderer: 'a real card', error: 1 }, reason: /gpu: computes wrongly/ },
    { what: 'is software', gpu: { adapter: { isFallbackAdapter: true } }, reason: /gpu: uses software/ },
    { what: 'reports errors', gpu: { adapter: {}, deviceError: 'no memory' }, reason: /gpu: .*no memory/ },
  ])('does not move to a graphics card that $what', async ({ gpu, reason }) => {
    const { magnitudes, mask } = await readFixture('paper');
    const { numTensors } = tf.memory();
    fakeBackend('gpu', gpu);
    const model = await MaskModel.create(await loadFixture('paper'), 'wasm');
    await expect(model.moveTo('gpu')).rejects.toThrow(reason);
    await model.moveTo('wasm');
    expect(maxDifference(await model.predict(magnitudes, 2), mask)).toBeLessThan(1e-4);
    await model.dispose();
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  describe.each(GRAPHICS)('on $device', (card) => {
    it('reports a lost graphics device as recoverable, and continues on the same backend', async () => {
      const { magnitudes, mask } = await readFixture('paper');
      fakeBackend('gpu', card);
      const model = await MaskModel.create(await loadFixture('paper'), 'gpu');
      const predicting = model.predict(magnitudes, 2);
      loseDevice();
      await expect(predicting).rejects.toThrow(PredictionError);
      await expect(model.predict(magnitudes, 2)).rejects.toMatchObject({ recoverable: true });
      await model.moveTo('gpu');
      expect(maxDifference(await model.predict(magnitudes, 2), mask)).toBeLessThan(1e-4);
      await model.dispose();
    });

    it('reports an error of the device that TF.js does not see, and starts the backend again', async () => {
      const { magnitudes, mask } = await readFixture('paper');
      const { numTensors } = tf.memory();
      fakeBackend('gpu', card);
      const model = await MaskModel.create(await loadFixture('paper'), 'gpu');
      const before = tf.backend();
      behave('gpu', { deviceError: 'no memory' });
      await expect(model.predict(magnitudes, 2)).rejects.toMatchObject({
        recoverable: true,
        cause: { code: 'backend.device-error', values: { detail: card.noMemory } },
      });
      behave('gpu', {});
      expect(tf.backend()).not.toBe(before);
      expect(maxDifference(await model.predict(magnitudes, 2), mask)).toBeLessThan(1e-4);
      await model.dispose();
      expect(tf.memory().numTensors).toBe(numTensors);
    });
  });

  it('takes an aborted read of WebGPU for a lost device, and leaves the backend as it is', async () => {
    const { magnitudes } = await readFixture('paper');
    fakeBackend('gpu', { adapter: { vendor: 'a real card' } });
    const model = await MaskModel.create(await loadFixture('paper'), 'gpu');
    const before = tf.backend();
    abortReads();
    await expect(model.predict(magnitudes, 2)).rejects.toMatchObject({ cause: { code: 'backend.context-lost' } });
    expect(tf.backend()).toBe(before);
    await model.dispose();
  });

  it('reports values that are not numbers', async () => {
    const { magnitudes } = await readFixture('paper');
    fakeBackend('gpu', { error: Number.NaN });
    const model = await MaskModel.create(await loadFixture('paper'), 'gpu');
    await expect(model.predict(magnitudes, 2)).rejects.toThrow(/produced invalid values/);
    await model.dispose();
  });
});

describe('the memory of a MaskModel', () => {
  it.each(['wasm', 'cpu'])('is freed completely, on %s', async (backend) => {
    await tf.setBackend(backend);
    const { numTensors, numBytes } = tf.memory();
    const { magnitudes } = await readFixture('paper');
    const model = await MaskModel.create(await loadFixture('paper'), backend);
    model.batchSize = 4;
    await model.warmUp();
    const held = tf.memory().numTensors;
    for (let song = 0; song < 3; song++) {
      await model.predict(magnitudes, 2);
      expect(tf.memory().numTensors).toBe(held);
    }
    await model.moveTo('wasm');
    await model.dispose();
    expect(tf.memory()).toMatchObject({ numTensors, numBytes });
  });
});
