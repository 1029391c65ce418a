import * as Comlink from 'comlink';
import { freeMemory } from '../../audio/free-memory.ts';
import { openSongStream, type SongStream } from '../../audio/stream-decode.ts';
import { carryErrors } from '../../separation/transfer-errors.ts';
import {
  BLOCK_SAMPLES,
  type BlockMessage,
  type BlockOrder,
  type DiskSongEngine,
  type DiskSongFacts,
} from './disk-engine.ts';
import { DiskPcm } from './disk-pcm.ts';
import { diskFault, MOST_SAMPLES, noDisk, noRoom, tooLong } from './long-errors.ts';
import { songFolder, sweepLongFolder } from './long-folder.ts';

carryErrors();

/** Milliseconds between two reports. */
const REPORT_MS = 100;

/** Bytes that the browser needs beside the song. */
const SPARE_BYTES = 50_000_000;

let original: DiskPcm | undefined;
let vocals: DiskPcm | undefined;
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
    await openFiles(folder, stream.channels);
    return await toDisk(stream, onProgress);
  } finally {
    stream.dispose();
    release();
  }
}

async function requireRoom({ expectedSamples, channels }: SongStream, room?: number): Promise<void> {
  if (expectedSamples > MOST_SAMPLES) throw tooLong(songName);
  await sweepLongFolder();
  const needed = bytesOf(expectedSamples, channels) + SPARE_BYTES;
  const free = room ?? (await roomLeft());
  if (free < needed) throw noRoom(songName, needed, free);
}

async function roomLeft(): Promise<number> {
  const { quota, usage } = await navigator.storage.estimate().catch((): StorageEstimate => ({}));
  return quota === undefined ? Number.POSITIVE_INFINITY : quota - (usage ?? 0);
}

async function openFiles(folder: string, channels: number): Promise<void> {
  try {
    const home = await songFolder(folder);
    const file = async (name: string) => {
      const handle = await home.getFileHandle(name, { create: true });
      return new DiskPcm(await handle.createSyncAccessHandle(), channels);
    };
    original = await file('original.f32');
    vocals = await file('vocals.f32');
  } catch (cause) {
    throw noDisk(songName, { cause });
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
    if (samples + piece[0].length > MOST_SAMPLES) throw tooLong(songName);
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
  const both = piece(start, end);
  return Comlink.transfer(both, buffersOf(both.original, both.vocals));
}

async function readOriginal(start: number, end: number) {
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

function release(): void {
  for (const port of players.keys()) port.close();
  players.clear();
  original?.close();
  vocals?.close();
  original = undefined;
  vocals = undefined;
}

const engine: DiskSongEngine = {
  decode(folder, file, name, onProgress, room) {
    const result = decoded(folder, file, name, onProgress, room);
    decoding = result.catch(() => undefined);
    return result;
  },
  async serve(folder, name, known) {
    songName = name;
    facts = known;
    await openFiles(folder, known.channels);
  },
  async write(start, channels) {
    if (!vocals || !facts) throw new DOMException('The song was closed.', 'AbortError');
    const room = Math.max(0, facts.samples - start);
    const fitting = channels.map((channel) => channel.subarray(0, room));
    onDisk(facts.samples, () => vocals?.write(start, fitting));
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
  },
  read: readBoth,
  lendOriginal: (port) => Comlink.expose({ read: readOriginal }, port),
  lendSong: (port) => Comlink.expose({ read: readBoth }, port),
  feed(port) {
    players.set(port, new Set());
    port.onmessage = ({ data }: MessageEvent<BlockOrder>) => {
      for (const index of data.need) sendBlock(port, index);
    };
  },
  async close() {
    closed = true;
    // What is being decoded sees that at its next piece.
    await decoding;
    release();
  },
};

Comlink.expose(engine);
