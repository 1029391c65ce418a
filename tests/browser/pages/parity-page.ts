import { prepareBackends } from '../../../src/model/backend.browser.ts';
import { loadModel } from '../../../src/model/load.ts';
import { MaskModel } from '../../../src/model/mask-model.ts';
import { separate } from '../../../src/separation/separate.ts';
import type { SeparationOptions } from '../../../src/separation/types.ts';

/** What the test asks of the page; plain data, because it crosses from the page to Node. */
export interface ParityPage {
  /** Separates mono sound on a backend; gives the backend that did it, and the vocals. */
  vocals(
    modelUrl: string,
    backend: string,
    sampleRate: number,
    mixture: readonly number[],
    options: SeparationOptions,
  ): Promise<{ readonly backend: string; readonly vocals: readonly number[] }>;
}

const page: ParityPage = {
  async vocals(modelUrl, backend, sampleRate, mixture, options) {
    prepareBackends();
    const model = await MaskModel.create(await loadModel(modelUrl), backend);
    const vocals: number[] = [];
    const song = { sampleRate, channels: [Float32Array.from(mixture)] };
    for await (const chunk of separate(song, model, options)) vocals.push(...Array.from(chunk.vocals[0]));
    return { backend: model.backend, vocals };
  },
};

Object.assign(window, { page });
