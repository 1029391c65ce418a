import * as tf from '@tensorflow/tfjs-core';
import { messageText } from '../../../src/core/message.ts';
import { loadModel } from '../../../src/model/load.ts';
import type { Predictor } from '../../../src/model/predictor.ts';
import { prepareBackends } from '../../../src/model/runtime/backend.browser.ts';
import { type BackendReport, probeBackend, resetBackend } from '../../../src/model/runtime/backend.ts';
import { MaskModel } from '../../../src/model/runtime/mask-model.ts';
import { RecoveringPredictor } from '../../../src/separation/recovering-predictor.ts';
import { separate } from '../../../src/separation/separate.ts';
import type { SeparationOptions } from '../../../src/separation/types.ts';

/** Samples, channel by channel. */
type Sound = readonly (readonly number[])[];

/** Of TF.js's environment. */
export type Flags = Readonly<Record<string, number | boolean>>;

/** What the test asks of the page; plain data, because it crosses from the page to Node. */
export interface ParityPage {
  /** Separates sound on a backend; gives the backend that did it, and the vocals. */
  vocals(
    modelUrl: string,
    backend: string,
    sampleRate: number,
    mixture: Sound,
    options: SeparationOptions,
  ): Promise<Separated>;
  /** The same, beginning on WebGL, whose graphics card is taken away while it computes the first patch. */
  vocalsWithoutCard(
    modelUrl: string,
    sampleRate: number,
    mixture: Sound,
    options: SeparationOptions,
  ): Promise<Recovered>;
  /** The same, on a WebGL with other limits: flags of TF.js. It begins with four patches at a time. */
  vocalsWithLimits(
    flags: Flags,
    modelUrl: string,
    sampleRate: number,
    mixture: Sound,
    options: SeparationOptions,
  ): Promise<Recovered & { readonly batchSize: number }>;
  /** Compares one network of a model with its known values on a backend. */
  probe(modelUrl: string, backend: string): Promise<BackendReport>;
}

interface Separated {
  /** That which was in use at the end. */
  readonly backend: string;
  readonly vocals: Sound;
}

interface Recovered extends Separated {
  readonly notes: readonly string[];
}

async function vocalsOf(
  predictor: Predictor,
  sampleRate: number,
  mixture: Sound,
  options: SeparationOptions,
): Promise<Sound> {
  const vocals: number[][] = mixture.map(() => []);
  const song = { sampleRate, channels: mixture.map((channel) => Float32Array.from(channel)) };
  for await (const chunk of separate(song, predictor, options)) {
    chunk.vocals.forEach((channel, c) => {
      for (const sample of channel) vocals[c].push(sample);
    });
  }
  return vocals;
}

prepareBackends();

const page: ParityPage = {
  async vocals(modelUrl, backend, sampleRate, mixture, options) {
    const model = await MaskModel.create(await loadModel(modelUrl), backend);
    return { vocals: await vocalsOf(model, sampleRate, mixture, options), backend: model.backend };
  },

  async vocalsWithoutCard(modelUrl, sampleRate, mixture, options) {
    const model = await MaskModel.create(await loadModel(modelUrl), 'webgl');
    const { gpgpu } = tf.backend() as unknown as { readonly gpgpu: { readonly gl: WebGL2RenderingContext } };
    const notes: string[] = [];
    const recovering = new RecoveringPredictor(model, {
      fallbacks: ['wasm'],
      onNote: (note) => notes.push(messageText(note)),
    });
    let there = true;
    const predictor: Predictor = {
      manifest: model.manifest,
      predict(...patches) {
        const masks = recovering.predict(...patches);
        if (there) gpgpu.gl.getExtension('WEBGL_lose_context')?.loseContext();
        there = false;
        return masks;
      },
    };
    return { vocals: await vocalsOf(predictor, sampleRate, mixture, options), backend: model.backend, notes };
  },

  async vocalsWithLimits(flags, modelUrl, sampleRate, mixture, options) {
    const before = Object.keys(flags).map((flag) => [flag, tf.env().get(flag)] as const);
    for (const [flag, value] of Object.entries(flags)) tf.env().set(flag, value);
    try {
      await resetBackend('webgl');
      const model = await MaskModel.create(await loadModel(modelUrl), 'webgl');
      model.batchSize = 4;
      const notes: string[] = [];
      const recovering = new RecoveringPredictor(model, {
        fallbacks: ['wasm'],
        onNote: (note) => notes.push(messageText(note)),
      });
      await recovering.warmUp();
      const vocals = await vocalsOf(recovering, sampleRate, mixture, { ...options, batchSize: 4 });
      const { backend, batchSize } = model;
      await model.dispose();
      return { vocals, backend, batchSize, notes };
    } finally {
      for (const [flag, value] of before) tf.env().set(flag, value);
      await resetBackend('webgl');
    }
  },

  async probe(modelUrl, backend) {
    return await probeBackend(await loadModel(modelUrl), backend);
  },
};

Object.assign(window, { page });
