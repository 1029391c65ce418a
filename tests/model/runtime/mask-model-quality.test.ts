import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeEach, describe, expect, it } from 'vitest';
import { ParameterError } from '../../../src/core/errors.ts';
import { sizeUnit } from '../../../src/model/manifest.ts';
import { MaskModel } from '../../../src/model/runtime/mask-model.ts';
import { noise } from '../../separation/fake-model.ts';
import { loadFixture, maxDifference } from '../fixtures.ts';
import { buildSpleeterFolder, loadBuilt, readSpleeter, type SpleeterName } from '../spleeter-fixtures.ts';

beforeEach(async () => {
  await tf.setBackend('cpu');
});

const loadSpleeter = async (name: SpleeterName) => loadBuilt(await buildSpleeterFolder(name));

describe('MaskModel.predict with a quality', () => {
  it('requires patches with the quality’s bins', async () => {
    const { qualities, divisor } = await readSpleeter('spleeter');
    const model = await MaskModel.create(await loadSpleeter('spleeter'));
    const predicting = model.predict(qualities.best.magnitudes, 2, divisor, { quality: 'fast' });
    await expect(predicting).rejects.toThrow(ParameterError);
    await expect(predicting).rejects.toMatchObject({ hint: /2 channels × 16 frames × 16 bins/ });
    await expect(model.predict(qualities.fast.magnitudes, 2, divisor)).rejects.toMatchObject({ hint: /32 bins/ });
    await expect(model.predict(qualities.best.magnitudes, 2)).rejects.toThrow(/needs the divisor/);
    await model.dispose();
  });

  it('rejects a quality when the model has only one', async () => {
    const model = await MaskModel.create(await loadFixture('paper'));
    const predicting = model.predict(new Float32Array(32 * 16), 1, undefined, { quality: 'fast' });
    await expect(predicting).rejects.toThrow(/“paper” has no quality “fast”/);
    await model.dispose();
  });

  it('returns the raw output of the only network on request', async () => {
    const { qualities, divisor } = await readSpleeter('spleeter');
    const model = await MaskModel.create(await loadSpleeter('spleeter'));
    const { magnitudes, mask } = qualities.fast;
    const raw = await model.predict(magnitudes, 2, divisor, { quality: 'fast', raw: true });
    await model.dispose();
    expect(maxDifference(raw, mask)).toBeLessThan(1e-4);
  });
});

describe('MaskModel.predict for a song shorter than a patch', () => {
  it('runs on the frames with sound, rounded up to a multiple that the networks can halve', async () => {
    const model = await MaskModel.create(await loadSpleeter('spleeter'));
    const { patch, channels } = model.manifest;
    const unit = sizeUnit(model.manifest);
    const frames = patch.frames - unit;
    const [long, short] = [patch.frames * patch.bins, frames * patch.bins];
    const patches = noise(channels * long).map(Math.abs);
    const cut = new Float32Array(channels * short);
    for (let c = 0; c < channels; c++) {
      patches.fill(0, c * long + short, (c + 1) * long);
      cut.set(patches.subarray(c * long, c * long + short), c * short);
    }
    const masks = await model.predict(patches, 1, 1, { frames: frames - unit + 1 });
    const expected = await model.variant({ ...model.manifest, patch: { ...patch, frames } }).predict(cut, 1, 1);
    for (let c = 0; c < channels; c++) {
      expect(masks.subarray(c * long, c * long + short)).toEqual(expected.subarray(c * short, (c + 1) * short));
      expect(masks.subarray(c * long + short, (c + 1) * long).every((value) => value === 0)).toBe(true);
    }
    const whole = await model.predict(patches, 1, 1);
    expect(maxDifference(whole.subarray(0, short), masks.subarray(0, short))).toBeGreaterThan(0);
    await model.dispose();
  });
});
