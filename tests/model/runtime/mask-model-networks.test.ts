import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LoadedModel } from '../../../src/model/load.ts';
import { QUALITIES, type Stem } from '../../../src/model/manifest.ts';
import { prepareBackends } from '../../../src/model/runtime/backend.node.ts';
import { chooseBackend, probeBackend } from '../../../src/model/runtime/backend.ts';
import { MaskModel, PredictionError } from '../../../src/model/runtime/mask-model.ts';
import { maxDifference } from '../fixtures.ts';
import { buildSpleeterFolder, loadBuilt, readSpleeter, SPLEETERS, type SpleeterName } from '../spleeter-fixtures.ts';
import { behave, fakeBackend, loseDevice } from './fake-backend.ts';

beforeAll(prepareBackends);
beforeEach(async () => {
  await tf.setBackend('wasm');
});

const loadSpleeter = async (name: SpleeterName) => loadBuilt(await buildSpleeterFolder(name));

/** A model that records the weights that are read. */
async function watched(name: SpleeterName, fail: (stem: Stem, times: number) => boolean = () => false) {
  const { manifest, readWeights } = await loadSpleeter(name);
  const asked: Stem[] = [];
  const model: LoadedModel = {
    manifest,
    async readWeights(stem) {
      asked.push(stem);
      if (fail(stem, asked.filter((one) => one === stem).length)) throw new Error('no memory');
      return readWeights(stem);
    },
  };
  return { model, asked };
}

describe.each(SPLEETERS)('MaskModel with several networks, %s,', (name) => {
  it.each(['cpu', 'wasm'])('predicts the masks of PyTorch at each quality, on %s', async (backend) => {
    const { qualities, divisor } = await readSpleeter(name);
    const model = await MaskModel.create(await loadSpleeter(name), backend);
    for (const batchSize of [1, 2, 4]) {
      model.batchSize = batchSize;
      for (const quality of QUALITIES) {
        const { magnitudes, mask } = qualities[quality];
        const before = magnitudes.slice();
        expect(maxDifference(await model.predict(magnitudes, 2, divisor, { quality }), mask)).toBeLessThan(1e-4);
        expect(magnitudes).toEqual(before);
      }
    }
    const { magnitudes, mask } = qualities.best;
    expect(maxDifference(await model.predict(magnitudes, 2, divisor), mask)).toBeLessThan(1e-4);
    await model.dispose();
  });

  it('predicts 0 for a silent song, and where the mixture is silent', async () => {
    const { qualities, divisor } = await readSpleeter(name);
    const model = await MaskModel.create(await loadSpleeter(name));
    const { magnitudes } = qualities.best;
    expect((await model.predict(new Float32Array(magnitudes.length), 2, 0)).every((value) => value === 0)).toBe(true);
    const masks = await model.predict(magnitudes, 2, divisor);
    await model.dispose();
    expect(magnitudes.some((value) => value === 0)).toBe(true);
    expect(masks.every((value, n) => magnitudes[n] > 0 || value === 0)).toBe(true);
  });

  it('has a probe that backends pass', async () => {
    const model = await loadSpleeter(name);
    for (const backend of ['cpu', 'wasm']) expect(await probeBackend(model, backend)).toMatchObject({ ok: true });
  });
});

describe('the networks of a MaskModel', () => {
  it('are created once, when they first run', async () => {
    const { qualities, divisor } = await readSpleeter('spleeter');
    const { model: loaded, asked } = await watched('spleeter');
    const model = await MaskModel.create(loaded);
    expect(asked).toEqual([]);
    await model.warmUp('fast');
    await model.predict(qualities.fast.magnitudes, 2, divisor, { quality: 'fast' });
    expect(asked).toEqual(['vocals']);
    for (let round = 0; round < 2; round++) await model.predict(qualities.best.magnitudes, 2, divisor);
    await model.warmUp();
    expect(asked).toEqual(['vocals', 'accompaniment']);
    await model.dispose();
  });

  it('are created once by simultaneous predictions of different qualities', async () => {
    const { qualities, divisor } = await readSpleeter('spleeter');
    const { model: loaded, asked } = await watched('spleeter');
    const model = await MaskModel.create(loaded);
    const masks = await Promise.all(
      QUALITIES.map((quality) => model.predict(qualities[quality].magnitudes, 2, divisor, { quality })),
    );
    for (const [n, quality] of QUALITIES.entries()) {
      expect(maxDifference(masks[n], qualities[quality].mask)).toBeLessThan(1e-4);
    }
    expect([...asked].sort()).toEqual(['accompaniment', 'vocals']);
    await model.dispose();
  });

  it('are created again after a failure', async () => {
    const { qualities, divisor } = await readSpleeter('spleeter');
    const { magnitudes, mask } = qualities.best;
    const { model: loaded, asked } = await watched(
      'spleeter',
      (stem, times) => stem === 'accompaniment' && times === 1,
    );
    const model = await MaskModel.create(loaded);
    const failing = model.predict(magnitudes, 2, divisor);
    await expect(failing).rejects.toThrow(PredictionError);
    await expect(failing).rejects.toMatchObject({ recoverable: true, cause: { message: 'no memory' } });
    expect(maxDifference(await model.predict(magnitudes, 2, divisor), mask)).toBeLessThan(1e-4);
    expect(asked).toEqual(['vocals', 'accompaniment', 'accompaniment']);
    await model.dispose();
  });

  it('all move to another backend, whether they ran before or not', async () => {
    const { qualities, divisor } = await readSpleeter('spleeter-elu');
    const { numTensors } = tf.memory();
    fakeBackend('gpu', { renderer: 'a real card' });
    const model = await MaskModel.create(await loadSpleeter('spleeter-elu'), 'gpu');
    const { best, fast } = qualities;
    expect(maxDifference(await model.predict(best.magnitudes, 2, divisor), best.mask)).toBeLessThan(1e-4);
    behave('gpu', { failure: 'out of memory' });
    await expect(model.predict(best.magnitudes, 2, divisor)).rejects.toMatchObject({ recoverable: true });
    await model.moveTo('wasm');
    expect(model.backend).toBe('wasm');
    expect(tf.memory().numTensors).toBe(numTensors);
    const quality = 'fast';
    expect(maxDifference(await model.predict(fast.magnitudes, 2, divisor, { quality }), fast.mask)).toBeLessThan(1e-4);
    expect(maxDifference(await model.predict(best.magnitudes, 2, divisor), best.mask)).toBeLessThan(1e-4);
    await model.dispose();
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it('continue on the same backend after it lost its graphics context', async () => {
    const { qualities, divisor } = await readSpleeter('spleeter');
    const { magnitudes, mask } = qualities.best;
    fakeBackend('gpu', { renderer: 'a real card' });
    const model = await MaskModel.create(await loadSpleeter('spleeter'), 'gpu');
    await model.predict(magnitudes, 2, divisor);
    loseDevice();
    await expect(model.predict(magnitudes, 2, divisor)).rejects.toThrow(PredictionError);
    await model.moveTo('gpu');
    expect(maxDifference(await model.predict(magnitudes, 2, divisor), mask)).toBeLessThan(1e-4);
    await model.dispose();
  });

  it.each(['cpu', 'wasm'])('free all their memory, on %s', async (backend) => {
    await tf.setBackend(backend);
    const { numTensors, numBytes } = tf.memory();
    const { qualities, divisor } = await readSpleeter('spleeter');
    const model = await MaskModel.create(await loadSpleeter('spleeter'), backend);
    await model.warmUp('fast');
    const ofOne = tf.memory().numTensors - numTensors;
    await model.warmUp('best');
    expect(tf.memory().numTensors - numTensors).toBe(2 * ofOne);
    for (const quality of QUALITIES) {
      await model.predict(qualities[quality].magnitudes, 2, divisor, { quality });
      expect(tf.memory().numTensors - numTensors).toBe(2 * ofOne);
    }
    await model.dispose();
    expect(tf.memory()).toMatchObject({ numTensors, numBytes });
  });

  it('free their memory when they are disposed of during creation', async () => {
    const { numTensors } = tf.memory();
    const model = await MaskModel.create(await loadSpleeter('spleeter'));
    const warming = model.warmUp().catch(() => undefined);
    await model.dispose();
    await warming;
    await model.dispose();
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it('leave no tensor behind after a probe', async () => {
    const { model: loaded, asked } = await watched('spleeter');
    const { numTensors } = tf.memory();
    expect(await chooseBackend(loaded, { order: ['wasm', 'cpu'] })).toMatchObject({ backend: 'wasm' });
    expect(tf.memory().numTensors).toBe(numTensors);
    expect(asked).toEqual(['vocals']);
  });
});
