import { type AudioData, durationSeconds } from '../../../src/audio/audio-data.ts';
import { decodeInBrowser } from '../../../src/audio/decode/decode.browser.ts';
import { shareAudio } from '../../../src/audio/shared-audio.ts';
import { WorkerBridge } from '../../../src/core/worker-bridge.ts';
import type { Quality } from '../../../src/model/manifest.ts';
import { SeparationClient } from '../../../src/separation/separation-client.ts';
import { MemorySongStorage } from '../../../src/songs/storage/memory-song-storage.ts';
import { beginning, madeUpSong } from '../song.ts';
import type { StageWorker } from './stage.worker.ts';

/** Node calls these functions on the page; arguments and results are plain data. */
export interface BenchPage {
  /** Decodes the chosen file `times` times; gives the least milliseconds of the decoder alone. */
  decodeChosen(times: number): Promise<number>;
  makeUp(seconds: number): void;
  /** Starts the client and its worker as the page does; gives the name of the backend in use. */
  prepare(settings: BenchSettings): Promise<string>;
  /** Separates the first seconds of the song into a store, as the page does; gives milliseconds. */
  separate(seconds: number): Promise<number>;
  /** Measures the stages of a separation in a worker of their own. */
  stages(settings: BenchSettings & { readonly repeats: number }): ReturnType<StageWorker['measure']>;
}

export interface BenchSettings {
  readonly modelUrl: string;
  readonly backend: string;
  readonly quality?: Quality;
}

let song: AudioData | undefined;
let client: SeparationClient | undefined;

function theSong(): AudioData {
  if (!song) throw new Error('There is no song yet.');
  return song;
}

const page: BenchPage = {
  async decodeChosen(times) {
    const file = document.querySelector('input')?.files?.[0];
    if (!file) throw new Error('No file is chosen.');
    let least = Number.POSITIVE_INFINITY;
    for (let n = 0; n < times; n++) {
      const bytes = await file.arrayBuffer();
      const start = performance.now();
      const decoded = await decodeInBrowser(bytes, file.name);
      least = Math.min(least, performance.now() - start);
      if (n === 0) song = await shareAudio(decoded, () => Promise.resolve());
    }
    return least;
  },

  makeUp(seconds) {
    song = madeUpSong(seconds);
  },

  async prepare({ modelUrl, backend, quality }) {
    const [, modelsUrl, id = ''] = /^(.*\/)([^/]+)\/$/.exec(modelUrl) ?? [];
    client = new SeparationClient({ modelsUrl, model: { origin: 'built-in', id }, backend, quality });
    return (await client.prepare()).backend;
  },

  async separate(seconds) {
    if (!client) throw new Error('prepare() comes first.');
    const part = beginning(theSong(), Math.min(seconds, durationSeconds(theSong())));
    const start = performance.now();
    const store = new MemorySongStorage(part);
    for await (const chunk of client.separate(part)) await store.write(chunk);
    const took = performance.now() - start;
    if (!store.complete) throw new Error('The separation ended early.');
    return took;
  },

  async stages({ modelUrl, repeats, ...settings }) {
    const bridge = new WorkerBridge<StageWorker>(
      () => new Worker(new URL('./stage.worker.ts', import.meta.url), { type: 'module', name: 'stages' }),
    );
    try {
      const url = new URL(modelUrl, document.baseURI).href;
      return await bridge.engine.measure(url, theSong(), { ...settings, repeats });
    } finally {
      bridge.dispose();
    }
  },
};

document.body.append(Object.assign(document.createElement('input'), { type: 'file' }));
Object.assign(window, { page });
