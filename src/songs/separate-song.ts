import type { AudioData } from '../audio/audio-data.ts';
import { shareAudio } from '../audio/shared-audio.ts';
import { AudioDecodeError, BackendError } from '../core/errors.ts';
import { freeMemory } from '../core/memory.ts';
import { nextTask } from '../core/next-task.ts';
import { isSameModel, isSameQuality } from '../separation/model-choice.ts';
import type { SeparationClient } from '../separation/separation-client.ts';
import type { SeparationChunk } from '../separation/types.ts';
import type { Progress } from './progress.ts';
import { decodedShape, type SongEntry } from './song-entry.ts';
import { BeginAgain, type Turn } from './song-queue.ts';
import { MemorySongStorage } from './storage/memory-song-storage.ts';
import type { OpenOptions } from './storage/opfs-song-storage.ts';
import type { SongStorage } from './storage/song-storage.ts';

/** What works on a song. */
export interface SongTools {
  readonly client: Pick<SeparationClient, 'separate' | 'model' | 'quality' | 'qualityInUse'>;
  readonly decode: (bytes: ArrayBuffer, name: string) => Promise<AudioData>;
  /** Opens a song that is too long for memory; undefined: it is not. Without it all songs are decoded in memory. */
  readonly openLong?: (file: Blob, name: string, options: OpenOptions) => Promise<SongStorage | undefined>;
}

/** Who hears of the work on a song. */
export interface SongEvents {
  readonly onProgress: (progress: Progress) => void;
  /** It is decoded: its length is known and it can be heard. */
  readonly onDecoded: () => Promise<void>;
  /** The store is another: what was separated before, with another model, is not in it. */
  readonly onChunk: (chunk: SeparationChunk) => Promise<void>;
  /** The network is needed now. */
  readonly onNeedsEngine: () => void;
}

/**
 * Takes a song from its file to its finished stems. What is there already is not made again: a decoded song, or the
 * stems of a separation that was cancelled.
 *
 * @throws UnsungError, the signal's reason, BeginAgain when another model took the place of the song's own
 */
export async function workOn(song: SongEntry, turn: Turn, tools: SongTools, events: SongEvents): Promise<void> {
  const { signal } = turn;
  song.store ??= await open(song, turn, tools, events);
  signal.throwIfAborted();
  song.shape = decodedShape(song.store);
  const { model, quality } = tools.client;
  const isEmpty = song.store.separatedSamples === 0;
  // Stems of two models, or of two qualities, in one song would be neither's.
  if (isEmpty || !isSameModel(song.model, model) || !isSameQuality(song.quality, quality)) {
    if (!isEmpty) song.store = song.store.restarted();
    song.quality = undefined;
  }
  song.model = { origin: model.origin, id: model.id };
  await events.onDecoded();
  signal.throwIfAborted();
  turn.tell({ kind: 'separating', part: 0 });
  await turn.wait();
  await separate(song, song.store, turn, tools, events);
}

async function open(song: SongEntry, turn: Turn, tools: SongTools, events: SongEvents): Promise<SongStorage> {
  const { file, fileName } = song;
  const { signal } = turn;
  if (!file) throw new Error('The song has no file.');
  turn.tell({ kind: 'decoding' });
  events.onProgress({ kind: 'decoding', name: fileName });
  const onProgress = (doneSeconds: number, totalSeconds: number) => {
    turn.tell({ kind: 'decoding', part: totalSeconds > 0 ? Math.min(1, doneSeconds / totalSeconds) : undefined });
    events.onProgress({ kind: 'decoding', name: fileName, doneSeconds, totalSeconds });
  };
  const long = await tools.openLong?.(file, fileName, { signal, onProgress });
  const store = long ?? new MemorySongStorage(await decode(file, fileName, tools));
  if (signal.aborted) {
    void store.dispose();
    signal.throwIfAborted();
  }
  if (store.samples === 0) {
    void store.dispose();
    throw new AudioDecodeError('audio.no-sound', { name: fileName });
  }
  return store;
}

/** In a function of its own, so that the browser's buffer (200 MB for ten minutes) does not outlive the copy. */
async function decode(file: Blob, fileName: string, tools: SongTools): Promise<AudioData> {
  return await shareAudio(await tools.decode(await file.arrayBuffer(), fileName), nextTask);
}

async function separate(
  song: SongEntry,
  store: SongStorage,
  turn: Turn,
  { client }: SongTools,
  events: SongEvents,
): Promise<void> {
  const { signal } = turn;
  const { sampleRate } = store;
  const totalSeconds = store.samples / sampleRate;
  events.onNeedsEngine();
  song.quality ??= await client.qualityInUse();
  signal.throwIfAborted();
  const { quality } = song;
  const watch = new Stopwatch();
  const source = store.separationInput();
  for await (const chunk of client.separate(source, {
    signal,
    quality,
    priority: store.priority,
    done: store.doneRanges,
  })) {
    signal.throwIfAborted();
    await store.write(chunk);
    signal.throwIfAborted();
    song.scale = chunk.scale;
    await events.onChunk(chunk);
    // Nobody needs these now, megabytes with each piece: the store has copies.
    freeMemory([...chunk.vocals, ...chunk.accompaniment, chunk.spectrogram.mixture, chunk.spectrogram.mask]);
    signal.throwIfAborted();
    const doneSeconds = store.separatedSamples / sampleRate;
    turn.tell({ kind: 'separating', part: doneSeconds / totalSeconds });
    events.onProgress({ kind: 'separating', doneSeconds, totalSeconds, speed: watch.speedAt(doneSeconds) });
    await nextTask();
    watch.stop();
    await turn.wait();
    watch.go();
  }
  signal.throwIfAborted();
  if (!store.complete) {
    if (!isSameModel(song.model, client.model)) throw new BeginAgain();
    throw new BackendError('separation.stopped');
  }
  const elapsedSeconds = watch.seconds;
  events.onProgress({ kind: 'done', elapsedSeconds, speed: totalSeconds / elapsedSeconds });
}

/** Seconds of work: those in which another song had its turn do not count. */
class Stopwatch {
  #before = 0;
  #since: number | undefined = performance.now();
  /** When the first piece was there, and how much it was. */
  #first: { readonly at: number; readonly done: number } | undefined;

  get seconds(): number {
    return (this.#before + (this.#since === undefined ? 0 : performance.now() - this.#since)) / 1000;
  }

  stop(): void {
    this.#before = 1000 * this.seconds;
    this.#since = undefined;
  }

  go(): void {
    this.#since ??= performance.now();
  }

  /** The first piece's time holds the loading of the model: the speed is taken from there on, if there is more. */
  speedAt(doneSeconds: number): number {
    const now = this.seconds;
    if (!this.#first) {
      this.#first = { at: now, done: doneSeconds };
      return doneSeconds / now;
    }
    return (doneSeconds - this.#first.done) / Math.max(1e-3, now - this.#first.at);
  }
}
