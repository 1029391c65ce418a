import { type AudioData, sampleCount } from '../../../src/audio/audio-data.ts';
import type { AccessHandle } from '../../../src/core/access-handle.ts';
import { MemorySongStorage } from '../../../src/songs/storage/memory-song-storage.ts';
import { OpfsSession } from '../../../src/songs/storage/opfs-session.ts';
import { type OpenSongFiles, openFilesWith } from '../../../src/songs/storage/opfs-song-files.ts';
import { createOpfsSongServer } from '../../../src/songs/storage/opfs-song-server.ts';
import { OpfsSongStorage } from '../../../src/songs/storage/opfs-song-storage.ts';
import type { SongStorage } from '../../../src/songs/storage/song-storage.ts';
import { FakeWorker } from '../../core/fake-worker.ts';
import { memoryFile } from './memory-file.ts';

/** What a storage in files works on. */
export interface TestFiles {
  readonly path: string;
  /** Bytes that the file may have. */
  space: number;
}

const readOnly = (file: AccessHandle): AccessHandle => {
  const refuse = () => {
    throw new DOMException('It is open for reading only.', 'NoModificationAllowedError');
  };
  return { ...file, write: refuse, truncate: refuse, flush: refuse };
};

/** A storage whose files lie in memory, with the worker's code behind a channel, as in the browser. */
export async function inFiles(
  original: AudioData,
  rooms: readonly TestFiles[] = [],
): Promise<{ readonly storage: OpfsSongStorage; readonly crash: () => void }> {
  const files = new Map<string, AccessHandle>();
  const open = (path: string): AccessHandle => {
    const space = () => rooms.find((one) => one.path === path)?.space ?? 1e9;
    const file = files.get(path) ?? memoryFile(space, 100_000);
    files.set(path, file);
    return file;
  };
  const openFiles: OpenSongFiles = (_, channels, mode) =>
    openFilesWith(channels, async (path) => (mode === 'read' ? readOnly(open(path)) : open(path)));
  const channels = original.channels.length === 1 ? 1 : 2;
  const written = await openFilesWith(channels, async (path) => open(path));
  written.original.write(0, original.channels);
  const facts = { sampleRate: original.sampleRate, channels, samples: sampleCount(original) } as const;
  const home = { name: 'song', leave: async () => undefined };
  const workers: FakeWorker[] = [];
  const start = () => {
    const worker = new FakeWorker(createOpfsSongServer(openFiles));
    workers.push(worker);
    return worker as unknown as Worker;
  };
  const session = new OpfsSession({ home, name: 'A song', facts, sealed: false, start });
  return { storage: new OpfsSongStorage(session), crash: () => workers.at(-1)?.throwError('It broke.') };
}

/** A storage in memory that other threads share, or not. */
export async function inMemory(original: AudioData, shared: boolean): Promise<MemorySongStorage> {
  const copy = ({ length }: Float32Array) =>
    shared ? new Float32Array(new SharedArrayBuffer(4 * length)) : new Float32Array(length);
  const silence = { ...original, channels: original.channels.map(copy) };
  const own = { ...original, channels: original.channels.map(copy) };
  for (const [c, channel] of own.channels.entries()) channel.set(original.channels[c]);
  return new MemorySongStorage(own, silence);
}

/** All kinds of song storage. */
export const STORAGES: readonly (readonly [name: string, make: (original: AudioData) => Promise<SongStorage>])[] = [
  ['in memory that is shared', (original) => inMemory(original, true)],
  ['in memory that is not shared', (original) => inMemory(original, false)],
  ['in files', async (original) => (await inFiles(original)).storage],
];
