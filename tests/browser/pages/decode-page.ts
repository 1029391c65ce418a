import { decodeInBrowser } from '../../../src/audio/decode/decode.browser.ts';
import { encodeWav } from '../../../src/audio/encode/encode-wav.ts';
import { resample } from '../../../src/audio/resample.ts';
import { UnsungError } from '../../../src/core/errors.ts';
import { measureSine } from '../../fixtures/audio/index.ts';

/** What the test asks of the page; plain data, because it crosses from the page to Node. */
export interface DecodePage {
  decode(url: string, hertz: readonly number[]): Promise<Decoded | Refused>;
  /** Changes a file after it was chosen, and decodes it. @returns the code of the error */
  decodeChanged(url: string): Promise<string>;
  /** Samples of each channel at these places, with what else tells how a file was decoded. */
  samples(url: string, places: readonly number[]): Promise<DecodedSamples>;
  resampledSine(where: 'page' | 'worker', hertz: number, from: number, to: number): Promise<Measured>;
  /** Decodes, encodes as 16-bit WAV and decodes that. */
  largestDifferenceAfterSaving(url: string): Promise<number>;
}

export interface Measured {
  readonly length: number;
  readonly amplitude: number;
  readonly delay: number;
}

export interface Decoded {
  readonly kind: 'decoded';
  readonly sampleRate: number;
  readonly lengths: readonly number[];
  readonly peaks: readonly number[];
  readonly sines: readonly { readonly amplitude: number; readonly delay: number }[];
}

export interface DecodedSamples {
  readonly codec: string;
  readonly sampleRate: number;
  readonly lengths: readonly number[];
  /** In order of the places, one array for each channel. */
  readonly samples: readonly (readonly number[])[];
}

export interface Refused {
  readonly kind: 'refused';
  readonly error: string;
  readonly message: string;
  readonly hint: string;
}

const fetchBytes = async (url: string): Promise<ArrayBuffer> => (await fetch(url)).arrayBuffer();

const page: DecodePage = {
  async decode(url, hertz) {
    try {
      const { sampleRate, channels } = await decodeInBrowser(await fetchBytes(url), url.split('/').at(-1) ?? '');
      return {
        kind: 'decoded',
        sampleRate,
        lengths: channels.map((channel) => channel.length),
        peaks: channels.map((channel) => channel.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0)),
        sines: hertz.map((value, index) => measureSine(channels[index], sampleRate, value)),
      };
    } catch (error) {
      if (!(error instanceof UnsungError)) throw error;
      return { kind: 'refused', error: error.name, message: error.message, hint: error.hint };
    }
  },

  async decodeChanged(url) {
    const folder = await navigator.storage.getDirectory();
    const handle = await folder.getFileHandle('changed.wav', { create: true });
    const write = async (bytes: ArrayBuffer) => {
      const stream = await handle.createWritable();
      await stream.write(bytes);
      await stream.close();
    };
    await write(await fetchBytes(url));
    const chosen = await handle.getFile();
    await write(new ArrayBuffer(100));
    const error: unknown = await decodeInBrowser(chosen, chosen.name).catch((reason: unknown) => reason);
    return error instanceof UnsungError ? error.code : String(error);
  },

  async samples(url, places) {
    const { sampleRate, channels, track } = await decodeInBrowser(await fetchBytes(url), url.split('/').at(-1) ?? '');
    return {
      codec: track.codec,
      sampleRate,
      lengths: channels.map((channel) => channel.length),
      samples: channels.map((channel) => places.map((place) => channel[place])),
    };
  },

  async resampledSine(where, hertz, from, to) {
    const signal = Float32Array.from({ length: from }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / from));
    const out = where === 'page' ? await resample(signal, from, to) : await resampleInWorker(signal, from, to);
    return { length: out.length, ...measureSine(out, to, hertz) };
  },

  async largestDifferenceAfterSaving(url) {
    const first = await decodeInBrowser(await fetchBytes(url), url);
    const again = await decodeInBrowser(await new Blob(encodeWav(first, '16')).arrayBuffer(), 'again.wav');
    let largest = 0;
    first.channels.forEach((channel, c) => {
      channel.forEach((value, i) => {
        largest = Math.max(largest, Math.abs(value - again.channels[c][i]));
      });
    });
    return largest;
  },
};

async function resampleInWorker(signal: Float32Array, from: number, to: number): Promise<Float32Array> {
  const worker = new Worker(new URL('./resample-worker.ts', import.meta.url), { type: 'module' });
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = (event: MessageEvent<Float32Array>) => resolve(event.data);
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage({ signal, from, to });
    });
  } finally {
    worker.terminate();
  }
}

Object.assign(window, { page });
