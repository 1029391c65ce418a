import { AudioDecodeError, BackendError } from '../core/errors.ts';
import { freeMemory } from '../core/memory.ts';
import { nextTask } from '../core/next-task.ts';
import { isSameModel, isSameQuality } from '../separation/model-choice.ts';
import type { SeparationClient } from '../separation/separation-client.ts';
import { decodeSong, type SongDecoder } from './decode-song.ts';
import type { MadeWith } from './song-entry.ts';
import { BeginAgain, type Turn } from './song-queue.ts';
import type { SongStep } from './song-transitions.ts';
import { Stopwatch } from './stopwatch.ts';
import type { SongStorage } from './storage/song-storage.ts';

/** What the work on songs asks of the separation. */
export type Separator = Pick<SeparationClient, 'separate' | 'warmUp' | 'model' | 'quality' | 'qualityInUse'>;

/** What works on a song. */
export interface SongTools extends SongDecoder {
  readonly client: Separator;
  /** Milliseconds. */
  readonly now: () => number;
}

/** A song that is to be separated, with what is there of it. */
export interface SongTask {
  readonly id: string;
  readonly fileName: string;
  readonly file: Blob;
  /** See OpenSongOptions. */
  readonly track: number | undefined;
  readonly storage: SongStorage | undefined;
  readonly madeWith: MadeWith | undefined;
  /** See OpenLongOptions. */
  readonly freeSpace: () => Promise<boolean>;
}

/**
 * Decodes and separates a song. Existing work is reused: a decoded song, or the stems of a cancelled separation.
 *
 * @throws UnsungError, the signal's reason, BeginAgain if the model was changed meanwhile
 */
export async function separateSong(
  task: SongTask,
  turn: Turn,
  tools: SongTools,
  onStep: (step: SongStep) => void,
): Promise<void> {
  const { signal } = turn;
  const decoded = task.storage ?? (await decode(task, turn, tools, onStep));
  signal.throwIfAborted();
  const { model, quality } = tools.client;
  // Where nothing is separated, there is nothing to go on with.
  const before = decoded.separatedSamples > 0 ? task.madeWith : undefined;
  // Stems of two models, or of two qualities, in one song would be neither's.
  const goesOn = before && isSameModel(before.model, model) && isSameQuality(before.quality, quality);
  const storage = before && !goesOn ? decoded.restarted() : decoded;
  const madeWith: MadeWith = {
    model: { origin: model.origin, id: model.id },
    quality: goesOn ? before.quality : undefined,
  };
  const { sampleRate, channels, samples, notes } = storage;
  onStep({ kind: 'decoded', storage, madeWith, shape: { sampleRate, channels, samples }, notes });
  signal.throwIfAborted();
  await turn.wait();
  await separate(storage, madeWith, turn, tools, onStep);
}

async function decode(
  { id, file, fileName, track, freeSpace }: SongTask,
  { signal }: Turn,
  tools: SongTools,
  onStep: (step: SongStep) => void,
): Promise<SongStorage> {
  onStep({ kind: 'decoding' });
  const onProgress = (doneSeconds: number, totalSeconds: number) =>
    onStep({ kind: 'decoding', doneSeconds, totalSeconds });
  const decoder: SongDecoder = {
    ...tools,
    decode(...song) {
      const decoding = tools.decode(...song);
      // After the decoder's worker was told: it gets ready meanwhile.
      void tools.client.warmUp();
      return decoding;
    },
  };
  const storage = await decodeSong(file, fileName, decoder, { track, signal, onProgress, folder: id, freeSpace });
  if (signal.aborted) {
    void storage.dispose();
    signal.throwIfAborted();
  }
  if (storage.samples === 0) {
    void storage.dispose();
    throw new AudioDecodeError('audio.no-sound', { name: fileName });
  }
  return storage;
}

async function separate(
  storage: SongStorage,
  madeWith: MadeWith,
  turn: Turn,
  { client, now }: SongTools,
  onStep: (step: SongStep) => void,
): Promise<void> {
  const { signal } = turn;
  const { sampleRate } = storage;
  const totalSeconds = storage.samples / sampleRate;
  onStep({ kind: 'needs-engine' });
  const quality = madeWith.quality ?? (await client.qualityInUse());
  signal.throwIfAborted();
  onStep({ kind: 'quality', quality });
  const watch = new Stopwatch(now);
  for await (const chunk of client.separate(storage.separationInput(), {
    signal,
    quality,
    priority: storage.priority,
    done: storage.doneRanges,
    previews: true,
  })) {
    signal.throwIfAborted();
    await storage.write(chunk);
    signal.throwIfAborted();
    if (!chunk.isPreview) {
      const doneSeconds = storage.separatedSamples / sampleRate;
      onStep({ kind: 'chunk', chunk, doneSeconds, totalSeconds, speed: watch.speedAt(doneSeconds) });
    }
    // The storage has copies of these arrays, megabytes for each piece.
    freeMemory([...chunk.vocals, ...chunk.accompaniment, chunk.spectrogram.mixture, chunk.spectrogram.mask]);
    signal.throwIfAborted();
    await nextTask();
    watch.stop();
    await turn.wait();
    watch.go();
  }
  signal.throwIfAborted();
  if (!storage.complete) {
    if (!isSameModel(madeWith.model, client.model)) throw new BeginAgain();
    throw new BackendError('separation.stopped');
  }
  const elapsedSeconds = watch.seconds;
  onStep({ kind: 'separated', elapsedSeconds, speed: totalSeconds / elapsedSeconds });
}
