import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { convolve, deconvolve } from '../../../src/learning/train/convolution.ts';
import { SMALL_UNET } from '../../../src/learning/train/small-unet.ts';
import { Trainer } from '../../../src/learning/train/trainer.ts';
import { TrainingMixes } from '../../../src/learning/train/training-mixes.ts';
import { buildGraph } from '../../../src/model/graph/build-graph.ts';
import { createFusedNetwork } from '../../../src/model/graph/compile-fused.ts';
import { buildFolder } from '../../../src/model/import/build-model.ts';
import { mainNetwork } from '../../../src/model/manifest.ts';
import { prepareBackends } from '../../../src/model/runtime/backend.node.ts';
import { noise } from '../../separation/fake-model.ts';

beforeAll(prepareBackends);

const RATE = 8192;

/** A voice: a gliding tone with overtones, on and off; an accompaniment: noise and a low tone. */
function sounds(seconds = 40): { voice: Float32Array; accompaniment: Float32Array } {
  const samples = seconds * RATE;
  let phase = 0;
  const voice = Float32Array.from({ length: samples }, (_, n) => {
    phase += (2 * Math.PI * (300 + 80 * Math.sin(n / 9000))) / RATE;
    const on = n % (3 * RATE) < 2.5 * RATE ? 0.2 : 0;
    return on * (Math.sin(phase) + 0.6 * Math.sin(2 * phase) + 0.4 * Math.sin(3 * phase));
  });
  const grain = noise(samples, 9);
  const accompaniment = grain.map((value, n) => 0.2 * value + 0.2 * Math.sin((2 * Math.PI * 110 * n) / RATE));
  return { voice, accompaniment };
}

const { voice, accompaniment } = sounds();
const source = () => new TrainingMixes(voice, accompaniment, SMALL_UNET);
const settings = { learningRate: 4e-3, batch: 2 };

describe('the gradient of a convolution’s kernel', () => {
  test.each([
    ['convolve', convolve, [2, 8, 6, 3], [5, 5, 3, 4]],
    ['deconvolve', deconvolve, [2, 4, 3, 3], [5, 5, 4, 3]],
  ] as const)('of %s on wasm, which TF.js lacks, is that of TF.js on cpu', async (_, layer, shape, kernelShape) => {
    const gradients: Float32Array[][] = [];
    for (const backend of ['cpu', 'wasm']) {
      await tf.setBackend(backend);
      const x = tf.randomNormal([...shape], 0, 1, 'float32', 3) as tf.Tensor4D;
      const kernel = tf.randomNormal([...kernelShape], 0, 1, 'float32', 4) as tf.Tensor4D;
      const cost = (x: tf.Tensor, kernel: tf.Tensor) =>
        tf.sum(tf.square(layer(x as tf.Tensor4D, kernel as tf.Tensor4D))) as tf.Scalar;
      gradients.push(
        tf
          .grads(cost)([x, kernel])
          .map((gradient) => gradient.dataSync() as Float32Array),
      );
    }
    const [cpu, wasm] = gradients;
    for (const [n, gradient] of cpu.entries()) {
      const scale = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const worst = gradient.reduce((most, value, i) => Math.max(most, Math.abs(value - wasm[n][i])), 0);
      expect(worst).toBeLessThan(1e-4 * scale);
    }
  });
});

describe('mixes', () => {
  test('are the same for the same seed, and others for another', () => {
    const mixes = source();
    expect(mixes.mix(7)).toEqual(mixes.mix(7));
    expect(mixes.mix(7).mixture).not.toEqual(mixes.mix(8).mixture);
  });

  test('have their greatest magnitude at 1, and a voice in them', () => {
    const { mixture, voice } = source().mix(3);
    expect(Math.max(...mixture)).toBeCloseTo(1, 6);
    expect(Math.max(...voice)).toBeGreaterThan(0.05);
    expect(mixture.length).toBe(256 * 32);
  });

  test('of sounds that are too short are refused in words', () => {
    expect(() => new TrainingMixes(voice.slice(0, RATE), accompaniment, SMALL_UNET)).toThrow('too short');
  });
});

describe('training', () => {
  test('brings the loss down over 30 steps, the same way each time, and leaves no tensor behind', async () => {
    await tf.setBackend('wasm');
    const held = source().heldOut();
    const trainer = new Trainer(SMALL_UNET, source(), settings, 1);
    const before = await trainer.mask(held);
    const losses = [(await trainer.step(settings)).loss];
    const { numTensors } = tf.memory();
    for (let n = 1; n < 30; n++) losses.push((await trainer.step(settings)).loss);
    expect(tf.memory().numTensors).toBe(numTensors);
    expect(mean(losses.slice(-10))).toBeLessThan(0.7 * mean(losses.slice(0, 10)));
    expect((await trainer.mask(held)).loss).toBeLessThan(0.8 * before.loss);
    trainer.dispose();
    const again = new Trainer(SMALL_UNET, source(), settings, 1);
    for (let n = 0; n < 5; n++) expect((await again.step(settings)).loss).toBe(losses[n]);
    again.dispose();
  }, 240_000);

  test('gives a network that the engine runs: the mask in training is the mask of the model made of it', async () => {
    await tf.setBackend('wasm');
    const trainer = new Trainer(SMALL_UNET, source(), settings, 2);
    for (let n = 0; n < 3; n++) await trainer.step(settings);
    const held = source().heldOut();
    const { mask } = await trainer.mask(held);
    const weights = await trainer.weights();
    const built = await buildFolder(SMALL_UNET, new Map([['vocals', weights]]), 'float32', 'a test');
    expect([...built.files.keys()]).toEqual(expect.arrayContaining(['model.json', 'manifest.json', 'MODEL_CARD.md']));
    await tf.setBackend('wasm');
    const again = new Trainer(SMALL_UNET, source(), settings, 3);
    again.load(weights);
    expect((await again.mask(held)).mask).toEqual(mask);
    const network = createFusedNetwork(buildGraph(mainNetwork(SMALL_UNET)[1]), weights);
    const { Patch } = await import('../../../src/model/patch.ts');
    const input = new Float32Array(256 * 32);
    new Patch(held.magnitudes, SMALL_UNET, 0).writeInput(input);
    const fast = tf.tidy(() => network.predict(tf.tensor4d(input, [1, 256, 32, 1])).dataSync());
    expect(mask.reduce((worst, value, n) => Math.max(worst, Math.abs(value - fast[n])), 0)).toBeLessThan(1e-4);
  }, 60_000);
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
