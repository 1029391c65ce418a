import { unzipSync } from 'fflate';
import { type AudioData, sampleCount } from '../../../src/audio/audio-data.ts';
import { decodeInBrowser } from '../../../src/audio/decode/decode.browser.ts';
import { type ExportFormat, encodedRate, unavailable } from '../../../src/audio/encode/formats.ts';
import { resample } from '../../../src/audio/resample.ts';
import { shareAudio } from '../../../src/audio/shared-audio.ts';
import { readTags } from '../../../src/audio/tags/read-tags.ts';
import type { SongTags } from '../../../src/audio/tags/song-tags.ts';
import { ExportClient } from '../../../src/player/export/export-client.ts';
import type { ExportOutcome } from '../../../src/player/export/export-engine.ts';
import {
  type ExportKind,
  type ExportRequest,
  exportFileName,
  type VideoKind,
} from '../../../src/player/export/export-request.ts';
import type { MixSettings } from '../../../src/player/export/mix-settings.ts';
import type { SeparationChunk } from '../../../src/separation/types.ts';
import { MemorySongStorage } from '../../../src/songs/storage/memory-song-storage.ts';

/** What the test asks of the page; plain data, because it crosses from the page to Node. */
export interface ExportPage {
  /** Saves and decodes again. */
  saved(wish: Wish): Promise<readonly Saved[]>;
  /** Cancels after the first progress. */
  cancelled(wish: Wish): Promise<string>;
  /** Saves into a file of the browser's own file system, as into one that the person chose. */
  toFile(wish: Wish): Promise<Saved>;
  unavailable(format: ExportFormat): Promise<string | null>;
  /** Saves between the marks “saving” and “saved” of the browser's records. */
  marked(wish: Wish): Promise<void>;
}

export interface Wish {
  readonly kind: Exclude<ExportKind, 'stems' | 'difference' | VideoKind>;
  readonly format: ExportFormat;
  /** Default: as recorded. */
  readonly mix?: Partial<MixSettings>;
  /** Factor on song and vocals. */
  readonly gain?: number;
  /** Samples in shared memory; default true. */
  readonly shared?: boolean;
  /** How often the piece of song is repeated; default 1. */
  readonly times?: number;
}

export interface Saved {
  readonly fileName: string;
  readonly sampleRate: number;
  /** Samples more than were encoded. */
  readonly lengthError: number;
  /** Samples by which the decoded sound comes later than the stem. */
  readonly lag: number;
  /** Correlation with the stem at no lag. */
  readonly correlation: number;
  readonly largestDifference: number;
  readonly peak: number;
  readonly gain: number;
  readonly tags: Omit<SongTags, 'cover'>;
}

const SECONDS = { from: 10, to: 13 };
const AS_RECORDED: MixSettings = {
  levels: { vocals: 1, accompaniment: 1 },
  rateAndKey: { speed: 1, semitones: 0 },
  loop: undefined,
};

const file = fetch('/demo/mixture.mp3').then((response) => response.blob());
const fetched = Promise.all(['mixture', 'vocals'].map((name) => piece(`/demo/${name}.mp3`)));

async function piece(url: string): Promise<AudioData> {
  const bytes = await (await fetch(url)).arrayBuffer();
  const { sampleRate, channels } = await decodeInBrowser(bytes, url);
  // An odd number of samples, so that no frame is filled by chance.
  const [from, to] = [SECONDS.from * sampleRate, SECONDS.to * sampleRate + 123];
  return { sampleRate, channels: channels.map((channel) => channel.slice(from, to)) };
}

async function songOf({ gain = 1, shared = true, times = 1 }: Wish): Promise<MemorySongStorage> {
  const scaled = (audio: AudioData): AudioData => ({
    sampleRate: audio.sampleRate,
    channels: audio.channels.map((channel) => {
      const long = new Float32Array(channel.length * times);
      for (let n = 0; n < times; n++) long.set(channel, n * channel.length);
      return long.map((value) => gain * value);
    }),
  });
  const [mixture, vocals] = (await fetched).map(scaled);
  const original = shared ? await shareAudio(mixture, async () => {}) : mixture;
  const silence = { ...vocals, channels: vocals.channels.map(({ length }) => new Float32Array(length)) };
  const store = shared ? new MemorySongStorage(original) : new MemorySongStorage(original, silence);
  // Pictures of a single cell: nothing of them is saved.
  const one = new Float32Array(1);
  const chunk: SeparationChunk = {
    start: 0,
    vocals: vocals.channels,
    accompaniment: [],
    spectrogram: { firstFrame: 0, frames: 1, bins: 1, mixture: one, mask: one },
    scale: { frames: 1, bins: 1, firstBinHz: 0, binHz: 1, frameSeconds: 1, noiseBins: 1 },
    doneSamples: sampleCount(vocals),
    totalSamples: sampleCount(vocals),
  };
  await store.write(chunk);
  return store;
}

/** What the file is to decode to. */
function expected({ whole }: MemorySongStorage, kind: 'vocals' | 'accompaniment' | 'mix', mix: MixSettings) {
  const { original, vocals } = whole;
  const levels = {
    vocals: { vocals: 1, accompaniment: 0 },
    accompaniment: { vocals: 0, accompaniment: 1 },
    mix: mix.levels,
  }[kind];
  const { start, end } = mix.loop ?? { start: 0, end: sampleCount(original) };
  return original.channels.map((channel, c) =>
    channel.slice(start, end).map((value, i) => {
      const voice = vocals.channels[c][start + i];
      return levels.vocals * voice + levels.accompaniment * (value - voice);
    }),
  );
}

function requestOf(wish: Wish): ExportRequest {
  return { kind: wish.kind, format: wish.format, name: 'Nobody - A song', mix: { ...AS_RECORDED, ...wish.mix } };
}

async function run(wish: Wish, target?: FileSystemFileHandle) {
  const store = await songOf(wish);
  const source = { store, file: await file };
  const client = new ExportClient(() => source);
  const parts: number[] = [];
  const request = requestOf(wish);
  let told: () => void = () => undefined;
  const first = new Promise<void>((resolve) => {
    told = resolve;
  });
  const outcome = await client.run(request, target, (part) => {
    parts.push(part);
    told();
  });
  // It has a way of its own: on a page that was held up, the first may come after the outcome.
  if (outcome.kind === 'done') await first;
  client.dispose();
  return { store, request, outcome, parts };
}

async function measure(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  stem: readonly Float32Array[],
  sampleRate: number,
  request: ExportRequest,
  outcome: ExportOutcome,
): Promise<Saved> {
  if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
  const tags = await readTags(bytes.slice());
  const decoded = await decodeInBrowser(bytes.slice().buffer, name);
  const rate = encodedRate(request.format, sampleRate);
  const wanted = await Promise.all(stem.map((channel) => resample(channel, sampleRate, rate)));
  const { lag, correlation } = align(wanted[0], decoded.channels[0]);
  let largestDifference = 0;
  let peak = 0;
  wanted.forEach((channel, c) => {
    for (let i = 0; i < channel.length; i++) {
      const value = decoded.channels[c][i] ?? Number.NaN;
      peak = Math.max(peak, Math.abs(value));
      largestDifference = Math.max(largestDifference, Math.abs(value - outcome.gain * channel[i]));
    }
  });
  return {
    fileName: name,
    sampleRate: decoded.sampleRate,
    lengthError: sampleCount(decoded) - wanted[0].length,
    lag,
    correlation,
    largestDifference,
    peak,
    gain: outcome.gain,
    tags: { ...tags, cover: undefined } as Omit<SongTags, 'cover'>,
  };
}

/** The lag of the highest normalised cross-correlation, looked for over more than any encoder's delay. */
function align(stem: Float32Array, decoded: Float32Array): { readonly lag: number; readonly correlation: number } {
  const [from, to] = [40_000, 48_192];
  const at = (lag: number): number => {
    let product = 0;
    let squaresA = 0;
    let squaresB = 0;
    for (let i = from; i < to; i++) {
      const a = stem[i];
      const b = decoded[i + lag];
      product += a * b;
      squaresA += a * a;
      squaresB += b * b;
    }
    return product / Math.sqrt(squaresA * squaresB);
  };
  let lag = 0;
  let best = -1;
  for (let n = -2500; n <= 2500; n++) {
    const correlation = at(n);
    if (correlation > best) [best, lag] = [correlation, n];
  }
  return { lag, correlation: at(0) };
}

const page: ExportPage = {
  async saved(wish) {
    const { store, request, outcome, parts } = await run(wish);
    if (outcome.kind !== 'done' || !outcome.file) throw new Error(JSON.stringify(outcome));
    // The very last one may come after the outcome: it has a way of its own.
    const rises = parts.every((part, n) => part >= (parts[n - 1] ?? 0) && part <= 1);
    if (parts.length === 0 || !rises) throw new Error(`Progress was ${parts.join(', ')}.`);
    const bytes = new Uint8Array(await outcome.file.arrayBuffer());
    if (bytes.length !== outcome.bytes) throw new Error('The size that was told is not that of the file.');
    const { sampleRate } = store;
    const { mix } = request;
    if (wish.kind !== 'both') {
      const stem = expected(store, wish.kind, mix);
      return [await measure(exportFileName(request), bytes, stem, sampleRate, request, outcome)];
    }
    const entries = Object.entries(unzipSync(bytes));
    const kinds = ['vocals', 'accompaniment'] as const;
    return await Promise.all(
      entries.map(([name, content], n) =>
        measure(name, content as Uint8Array<ArrayBuffer>, expected(store, kinds[n], mix), sampleRate, request, outcome),
      ),
    );
  },

  async cancelled(wish) {
    const store = await songOf(wish);
    const client = new ExportClient(() => ({ store, file: undefined }));
    const outcome = await client.run(requestOf(wish), undefined, () => void client.cancel());
    // The worker goes on with the next request.
    const next = await client.run({ ...requestOf(wish), format: 'wav16' }, undefined, () => undefined);
    client.dispose();
    return `${outcome.kind}, then ${next.kind}`;
  },

  async toFile(wish) {
    const root = await navigator.storage.getDirectory();
    const handle = await root.getFileHandle('chosen', { create: true });
    const { store, request, outcome } = await run(wish, handle);
    const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
    const stem = expected(store, 'vocals', request.mix);
    return await measure(exportFileName(request), bytes, stem, store.sampleRate, request, outcome);
  },

  async unavailable(format) {
    const store = await songOf({ kind: 'vocals', format });
    return await unavailable(format, store);
  },

  async marked(wish) {
    const store = await songOf(wish);
    performance.mark('saving');
    // In a task of its own: the making of the song is not meant.
    await new Promise((resolve) => setTimeout(resolve));
    const client = new ExportClient(() => ({ store, file: undefined }));
    await client.run(requestOf(wish), undefined, () => undefined);
    performance.mark('saved');
    client.dispose();
  },
};

Object.assign(window, { page });
