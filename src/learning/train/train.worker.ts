import * as tf from '@tensorflow/tfjs-core';
import { zipSync } from 'fflate';
import type { AudioData } from '../../audio/audio-data.ts';
import { toMono } from '../../audio/mixdown.ts';
import { resample } from '../../audio/resample.ts';
import { exposeEngine } from '../../core/expose-engine.ts';
import { nextTask } from '../../core/next-task.ts';
import type { BuiltModel } from '../../model/import/types.ts';
import { loadModel } from '../../model/load.ts';
import { prepareBackends } from '../../model/runtime/backend.browser.ts';
import { useBackend } from '../../model/runtime/backend.ts';
import { graphicsDevice } from '../../model/runtime/graphics-device.ts';
import { hasKernelGradient } from './convolution.ts';
import { exampleSounds } from './example-sounds.ts';
import { SMALL_UNET } from './small-unet.ts';
import type { Refusal, TrainEngine, TrainExample, TrainReport } from './train-engine.ts';
import { Trainer, type TrainSettings } from './trainer.ts';
import { type Example, TrainingMixes } from './training-mixes.ts';

prepareBackends();

/** Steps from one report of the held-out example to the next. */
const EXAMPLE_EVERY = 5;

let trainer: Trainer | undefined;
let heldOut: Example | undefined;
let settings: TrainSettings = { learningRate: 2e-3, batch: 4 };
let running = false;
let done: Promise<void> = Promise.resolve();

function monoAt8k({ sampleRate, channels }: AudioData): Promise<Float32Array> {
  return resample(toMono({ sampleRate, channels }), sampleRate, SMALL_UNET.sampleRate);
}

async function heldOutExample(): Promise<TrainExample> {
  const { trainer, heldOut } = opened();
  const { mask, loss } = await trainer.mask(heldOut);
  const { bins, frames } = SMALL_UNET.patch;
  const sounds = exampleSounds(heldOut, mask, SMALL_UNET);
  return { bins, frames, mixture: heldOut.mixture.slice(), voice: heldOut.voice.slice(), mask, loss, sounds };
}

function opened() {
  if (!trainer || !heldOut) throw new Error('use() comes first.');
  return { trainer, heldOut };
}

async function train(onReport: (report: TrainReport) => void): Promise<void> {
  const { trainer } = opened();
  while (running) {
    const start = performance.now();
    const { step, loss } = await trainer.step(settings);
    const milliseconds = performance.now() - start;
    onReport({ step, loss, milliseconds, ...(step % EXAMPLE_EVERY === 0 && { example: await heldOutExample() }) });
    // So that a pause or other settings can arrive.
    await nextTask();
  }
}

async function stop(): Promise<void> {
  running = false;
  await done.catch(() => undefined);
}

/** Computes one step, to find out whether the backend has every operation that training needs. @returns the loss */
async function tryOut(): Promise<number> {
  const seconds = 12 * SMALL_UNET.sampleRate;
  const sound = Float32Array.from({ length: seconds }, (_, n) => Math.sin(n * n * 1e-6));
  const probe = new Trainer(SMALL_UNET, new TrainingMixes(sound, sound, SMALL_UNET), settings, 1);
  try {
    return (await probe.step({ ...settings, batch: 1 })).loss;
  } finally {
    probe.dispose();
  }
}

async function build(title: string): Promise<BuiltModel> {
  const { trainer } = opened();
  const { buildFolder } = await import('../../model/import/build-model.ts');
  const trainedOn = { data: title, steps: trainer.steps, where: 'the learning page, in the browser' };
  return buildFolder(
    { ...SMALL_UNET, title: { en: title }, trainedOn },
    new Map([['vocals', await trainer.weights()]]),
    'float32',
    title,
  );
}

const engine: TrainEngine = {
  async open(backends) {
    const refused: Refusal[] = [];
    for (const backend of backends) {
      try {
        await useBackend(backend);
        // Software rendering is ten times slower than wasm, so it must be asked for by name.
        if (backends.length > 1 && graphicsDevice()?.isSoftware) refused.push({ backend, why: 'software' });
        else if (!Number.isFinite(await tryOut())) refused.push({ backend, why: 'notANumber' });
        else return { backend, ownGradient: hasKernelGradient(), refused };
      } catch (error) {
        refused.push({ backend, why: 'error', message: error instanceof Error ? error.message : String(error) });
      }
    }
    return { backend: undefined, ownGradient: false, refused };
  },

  async use(voice, accompaniment, seed) {
    await stop();
    const mixes = new TrainingMixes(await monoAt8k(voice), await monoAt8k(accompaniment), SMALL_UNET);
    trainer?.dispose();
    trainer = new Trainer(SMALL_UNET, mixes, settings, seed);
    heldOut = mixes.heldOut();
    return heldOutExample();
  },

  async run(onReport) {
    if (running) return;
    running = true;
    done = train(onReport);
    try {
      await done;
    } finally {
      running = false;
    }
  },

  pause: stop,

  async set(next) {
    settings = next;
  },

  async files(title) {
    await stop();
    return (await build(title)).files;
  },

  async zip(title) {
    await stop();
    const { files } = await build(title);
    return new Uint8Array(zipSync(Object.fromEntries(files)));
  },

  async load(zip) {
    await stop();
    const { importCheckpoint } = await import('../../model/import/import-checkpoint.ts');
    const before = tf.getBackend();
    const { files } = await importCheckpoint([{ name: 'model.zip', bytes: zip }], undefined);
    await useBackend(before);
    const read = async (path: string) => {
      const bytes = files.get(path);
      if (!bytes) throw new Error(`${path} is not there.`);
      return Uint8Array.from(bytes);
    };
    const loaded = await loadModel({ where: 'the file: ', read });
    opened().trainer.load(await loaded.readWeights('vocals'));
    return heldOutExample();
  },
};

exposeEngine(engine);
