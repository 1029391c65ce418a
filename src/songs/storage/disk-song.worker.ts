import * as Comlink from 'comlink';
import { openSongStream, type SongStream } from '../../audio/decode/stream-decode.ts';
import { type AccessHandle, openAlone } from '../../core/access-handle.ts';
import { exposeEngine } from '../../core/expose-engine.ts';
import { freeMemory } from '../../core/memory.ts';
import {
  BLOCK_SAMPLES,
  type BlockMessage,
  type BlockOrder,
  type DiskSongEngine,
  type DiskSongFacts,
} from './disk-engine.ts';
import { DiskPcm } from './disk-pcm.ts';
import { DiskSpectrogram, type StoredColumns } from './disk-spectrogram.ts';
import { diskFault, MAX_SAMPLES, noDisk, noRoom, tooLong } from './long-errors.ts';
import { songFolder, sweepLongFolder } from './long-folder.ts';
import { openForReading } from './read-access.ts';
import { LEVELS_PATH, LONG_ORIGINAL_PATH, LONG_VOCALS_PATH, MASK_PATH } from './song-files.ts';

/** Milliseconds between two reports. */
const REPORT_MS = 100;

/** Bytes that the browser needs beside the song; its spectrograms take 60 MB an hour. */
const SPARE_BYTES = 50_000_000;

let original: DiskPcm | undefined;
let vocals: DiskPcm | undefined;
let spectrograms: DiskSpectrogram | undefined;
/** The song's folder. */
let home: string | undefined;
/** While the files are opened anew: nothing can be read then. */
let sealing: Promise<void> | undefined;
let sealed = false;
let facts: DiskSongFacts | undefined;
let songName = '';
let closed = false;
let decoding: Promise<unknown> = Promise.resolve();
/** The players, each with the blocks that it was sent lately. */
const players = new Map<MessagePort, Set<number>>();

/** More than a player keeps: see BlockTable. */
const SENT_KEPT = 64;

const bytesOf = (samples: number, channels: number): number => 2 * samples * channels * Float32Array.BYTES_PER_ELEMENT;

async function decoded(
  folder: string,
  file: Blob,
  name: string,
  onProgress: (seconds: number, expected: number) => void,
  room?: number,
): Promise<DiskSongFacts> {
  songName = name;
  const stream = await openSongStream(file, name);
  try {
    await requireRoom(stream, room);
    await openFiles(folder, stream.channels).catch((cause) => {
      throw noDisk(songName, { cause });
    });
    return await toDisk(stream, onProgress);
  } finally {
    stream.dispose();
    release();
  }
}

async function requireRoom({ expectedSamples, channels }: SongStream, room?: number): Promise<void> {
  if (expectedSamples > MAX_SAMPLES) throw tooLong(songName);
  await sweepLongFolder();
  const needed = bytesOf(expectedSamples, channels) + SPARE_BYTES;
  const free = room ?? (await roomLeft());
  if (free < needed) throw noRoom(songName, needed, free);
}

async function roomLeft(): Promise<number> {
  const { quota, usage } = await navigator.storage.estimate().catch((): StorageEstimate => ({}));
  return quota === undefined ? Number.POSITIVE_INFINITY : quota - (usage ?? 0);
}

async function openFiles(folder: string, channels: number, open = openForWriting): Promise<void> {
  const directory = await songFolder(folder);
  const [song, voice, mask, levels] = await Promise.all(
    [LONG_ORIGINAL_PATH, LONG_VOCALS_PATH, MASK_PATH, LEVELS_PATH].map((path) => open(directory, path)),
  );
  original = new DiskPcm(song, channels);
  vocals = new DiskPcm(voice, channels);
  spectrograms = new DiskSpectrogram(mask, levels);
}

async function openForWriting(directory: FileSystemDirectoryHandle, path: string): Promise<AccessHandle> {
  const handle = await directory.getFileHandle(path, { create: true });
  return await openAlone(() => handle.createSyncAccessHandle());
}

async function openSealed(directory: FileSystemDirectoryHandle, path: string): Promise<AccessHandle> {
  return await openForReading(await directory.getFileHandle(path));
}

/** The files are opened for reading alone: what another tab reads must not be open for writing. */
async function seal(folder: string, channels: number): Promise<void> {
  for (const file of [original, vocals, spectrograms]) file?.flush();
  closeFiles();
  try {
    await openFiles(folder, channels, openSealed);
    sealed = true;
  } catch (cause) {
    // It is heard all the same.
    await openFiles(folder, channels);
    throw cause;
  }
}

async function toDisk(
  stream: SongStream,
  onProgress: (seconds: number, expected: number) => void,
): Promise<DiskSongFacts> {
  const { sampleRate, channels, expectedSamples } = stream;
  let samples = 0;
  let reported = 0;
  for await (const piece of stream.pieces()) {
    if (closed) throw new DOMException('The song was closed.', 'AbortError');
    if (samples + piece[0].length > MAX_SAMPLES) throw tooLong(songName);
    onDisk(samples, () => original?.write(samples, piece));
    samples += piece[0].length;
    const now = performance.now();
    if (now - reported < REPORT_MS) continue;
    reported = now;
    onProgress(samples / sampleRate, expectedSamples / sampleRate);
  }
  onDisk(samples, () => vocals?.reserve(samples));
  return { sampleRate, channels, samples, brokeOff: stream.brokeOff !== undefined };
}

function onDisk(samples: number, act: () => void): void {
  try {
    act();
  } catch (cause) {
    throw diskFault(songName, bytesOf(samples, facts?.channels ?? 2), cause);
  }
}

function piece(start: number, end: number) {
  if (!original || !vocals) throw new DOMException('The song was closed.', 'AbortError');
  return { original: original.read(start, end), vocals: vocals.read(start, end) };
}

const buffersOf = (...channels: readonly (readonly Float32Array[])[]): ArrayBuffer[] =>
  channels.flat().map((channel) => channel.buffer as ArrayBuffer);

async function readBoth(start: number, end: number) {
  await sealing;
  const both = piece(start, end);
  return Comlink.transfer(both, buffersOf(both.original, both.vocals));
}

async function readOriginal(start: number, end: number) {
  await sealing;
  if (!original) throw new DOMException('The song was closed.', 'AbortError');
  const channels = original.read(start, end);
  return Comlink.transfer(channels, buffersOf(channels));
}

function sendBlock(port: MessagePort, index: number): void {
  if (!facts || closed) return;
  const start = index * BLOCK_SAMPLES;
  const both = piece(start, Math.min(facts.samples, start + BLOCK_SAMPLES));
  const sent = players.get(port);
  sent?.delete(index);
  sent?.add(index);
  for (const old of sent ?? []) if ((sent?.size ?? 0) > SENT_KEPT) sent?.delete(old);
  port.postMessage({ index, piece: both } satisfies BlockMessage, buffersOf(both.original, both.vocals));
}

function closeFiles(): void {
  for (const file of [original, vocals, spectrograms]) file?.close();
  original = undefined;
  vocals = undefined;
  spectrograms = undefined;
}

function release(): void {
  for (const port of players.keys()) port.close();
  players.clear();
  closeFiles();
}

/** Whether there was room for them. */
function keepColumns(columns: StoredColumns): boolean {
  try {
    spectrograms?.write(columns);
    return true;
  } catch {
    // The song can be heard without.
    return false;
  } finally {
    freeMemory([columns.mixture, columns.mask]);
  }
}

const engine: DiskSongEngine = {
  decode(folder, file, name, onProgress, room) {
    const result = decoded(folder, file, name, onProgress, room);
    decoding = result.catch(() => undefined);
    return result;
  },
  async serve(folder, name, known, isSealed) {
    songName = name;
    facts = known;
    home = folder;
    sealed = isSealed;
    await openFiles(folder, known.channels, isSealed ? openSealed : openForWriting);
  },
  async write(start, channels, columns) {
    if (!vocals || !facts) throw new DOMException('The song was closed.', 'AbortError');
    const room = Math.max(0, facts.samples - start);
    const fitting = channels.map((channel) => channel.subarray(0, room));
    onDisk(facts.samples, () => vocals?.write(start, fitting));
    const pictured = columns !== undefined && keepColumns(columns);
    // What the player holds already is the old: on the same way as the blocks, so that it cannot be overtaken.
    const [first, last] = [start, start + channels[0].length - 1].map((sample) => Math.floor(sample / BLOCK_SAMPLES));
    for (const [port, sent] of players) {
      let near = false;
      for (let block = first; block <= last; block++) near ||= sent.has(block);
      if (!near) continue;
      const copies = fitting.map((channel) => channel.slice());
      port.postMessage({ start, vocals: copies } satisfies BlockMessage, buffersOf(copies));
    }
    freeMemory(channels);
    return pictured;
  },
  async seal() {
    await sealing;
    if (sealed || !facts || home === undefined) return;
    const done = seal(home, facts.channels);
    sealing = done.catch(() => undefined);
    try {
      await done;
    } finally {
      sealing = undefined;
    }
  },
  read: readBoth,
  async readPictures(first, end, bins) {
    await sealing;
    if (!spectrograms) throw new DOMException('The song was closed.', 'AbortError');
    const columns = spectrograms.read(first, end, bins);
    return Comlink.transfer(columns, [columns.mixture.buffer, columns.mask.buffer] as ArrayBuffer[]);
  },
  lendOriginal: (port) => Comlink.expose({ read: readOriginal }, port),
  lendSong: (port) => Comlink.expose({ read: readBoth }, port),
  feed(port) {
    players.set(port, new Set());
    port.onmessage = async ({ data }: MessageEvent<BlockOrder>) => {
      if (sealing) await sealing;
      for (const index of data.need) sendBlock(port, index);
    };
  },
  async close() {
    closed = true;
    // What is being decoded sees that at its next piece.
    await Promise.allSettled([decoding, sealing]);
    release();
  },
};

exposeEngine(engine);
