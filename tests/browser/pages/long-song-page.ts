import { decodeInBrowser } from '../../../src/audio/decode/decode.browser.ts';
import { LongSongError } from '../../../src/core/errors.ts';
import { sweepLongSongFolder } from '../../../src/songs/storage/long-song-folder.ts';
import { openLongSong } from '../../../src/songs/storage/open-long-song.ts';
import { OpfsSongStorage } from '../../../src/songs/storage/opfs-song-storage.ts';

/** What the test asks of the page; plain data, because it crosses from the page to Node. */
export interface LongSongPage {
  /** Decodes a file to the disk; all that lies there, compared with the file decoded in memory. */
  open(
    url: string,
  ): Promise<{ readonly samples: number; readonly largestDifference: number; readonly silence: boolean }>;
  /** Writes vocals in the middle of the song opened last, and reads round them. */
  writeAndRead(
    start: number,
    count: number,
  ): Promise<readonly [before: number, first: number, last: number, after: number]>;
  /** Opens a file and gives up at once. */
  openAndAbort(url: string): Promise<string>;
  /** Opens with so much space left as the browser says; the error. */
  openWithSpace(url: string, bytes: number): Promise<{ readonly code: string; readonly message: string } | undefined>;
  close(): Promise<void>;
  /** Names in the folder of long songs. */
  folders(): Promise<readonly string[]>;
  /** Asks for a long song of silence where the page has no file system; the error’s code, or that it is left to memory. */
  openWithoutDisk(seconds: number): Promise<string>;
  /** Seals the song opened last, and reads all of it here and, at the same time, as another tab would open it. */
  sealAndShare(): Promise<{ readonly same: boolean; readonly whole: boolean; readonly left: readonly string[] }>;
  /** The same bytes of a file by each way of reading without the others being locked out. */
  readWays(): Promise<readonly boolean[]>;
  leaveBehind(): Promise<void>;
  sweep(): Promise<void>;
}

/** 8 bits at 8 kHz. */
function silentWav(seconds: number): Blob {
  const samples = seconds * 8000;
  const header = new DataView(new ArrayBuffer(44));
  const text = (at: number, value: string) => {
    for (const [n, letter] of [...value].entries()) header.setUint8(at + n, letter.charCodeAt(0));
  };
  text(0, 'RIFF');
  header.setUint32(4, 36 + samples, true);
  text(8, 'WAVEfmt ');
  for (const [at, value] of [
    [16, 16],
    [20, 0x0001_0001],
    [24, 8000],
    [28, 8000],
    [32, 0x0008_0001],
    [40, samples],
  ]) {
    header.setUint32(at, value, true);
  }
  text(36, 'data');
  return new Blob([header, new Uint8Array(samples).fill(128)]);
}

/** Spectrograms of a single cell. */
const SCALE = { frames: 1, bins: 1, firstBinHz: 0, binHz: 1, frameSeconds: 1 };

const factsOf = ({ sampleRate, channels, samples }: OpfsSongStorage) =>
  ({ sampleRate, samples, channels: channels === 1 ? 1 : 2 }) as const;

let song: OpfsSongStorage | undefined;

const blobOf = async (url: string): Promise<Blob> => (await fetch(url)).blob();

async function root(): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle('long', { create: true });
}

const page: LongSongPage = {
  async open(url) {
    const file = await blobOf(url);
    song = await OpfsSongStorage.open(file, url);
    const whole = await decodeInBrowser(await file.arrayBuffer(), url);
    let largestDifference = Math.abs(whole.channels[0].length - song.samples);
    let silence = true;
    // Steps that do not divide the song.
    for (let start = 0; start < song.samples; start += 99_991) {
      const { original, vocals } = await song.read(start, Math.min(song.samples, start + 99_991));
      for (const [c, channel] of original.entries()) {
        for (const [n, value] of channel.entries()) {
          largestDifference = Math.max(largestDifference, Math.abs(value - whole.channels[c][start + n]));
        }
      }
      silence &&= vocals.every((channel) => channel.every((value) => value === 0));
    }
    return { samples: song.samples, largestDifference, silence };
  },

  async writeAndRead(start, count) {
    if (!song) throw new Error('No song is open.');
    const ramp = Float32Array.from({ length: count }, (_, n) => n + 1);
    await song.write({
      start,
      vocals: Array.from({ length: song.channels }, () => ramp),
      accompaniment: [],
      spectrogram: { firstFrame: 0, frames: 1, bins: 1, mixture: new Float32Array(1), mask: new Float32Array(1) },
      scale: SCALE,
      doneSamples: count,
      totalSamples: song.samples,
    });
    const [voice] = (await song.read(start - 1, start + count + 1)).vocals;
    return [voice[0], voice[1], voice[count], voice[count + 1]];
  },

  async openAndAbort(url) {
    const controller = new AbortController();
    const opening = OpfsSongStorage.open(await blobOf(url), url, {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    try {
      (await opening).dispose();
      return 'opened';
    } catch (error) {
      return (error as Error).name;
    }
  },

  async openWithSpace(url, bytes) {
    try {
      (await OpfsSongStorage.open(await blobOf(url), 'song', { space: bytes })).dispose();
      return undefined;
    } catch (error) {
      if (!(error instanceof LongSongError)) throw error;
      return { code: error.code, message: error.message };
    }
  },

  async close() {
    await song?.dispose();
    song = undefined;
  },

  async folders() {
    const names: string[] = [];
    for await (const name of (await root()).keys()) names.push(name);
    return names;
  },

  async openWithoutDisk(seconds) {
    const { getDirectory } = StorageManager.prototype;
    StorageManager.prototype.getDirectory = () => Promise.reject(new DOMException('No.', 'SecurityError'));
    try {
      const opened = await openLongSong(silentWav(seconds), 'silence', {}, 60);
      await opened?.dispose();
      return opened ? 'on disk' : 'in memory';
    } catch (error) {
      return error instanceof LongSongError ? error.code : String(error);
    } finally {
      StorageManager.prototype.getDirectory = getDirectory;
    }
  },

  async sealAndShare() {
    if (!song) throw new Error('No song is open.');
    const sum = async (from: OpfsSongStorage) => {
      const { original, vocals } = await from.read(0, from.samples);
      const bytes = new Uint8Array(
        await new Blob([...original, ...vocals] as Float32Array<ArrayBuffer>[]).arrayBuffer(),
      );
      return bytes.reduce((all, byte) => (all * 31 + byte) % 1_000_003, 0);
    };
    const before = await sum(song);
    const [name] = await page.folders();
    const reading = sum(song);
    await song.seal();
    const shared = await OpfsSongStorage.kept({ folder: name, name: 'the same', facts: factsOf(song), scale: SCALE });
    const sums = await Promise.all([reading, sum(song), sum(shared)]);
    await shared.dispose();
    return { same: sums.every((value) => value === before), whole: before !== 0, left: await page.folders() };
  },

  async readWays() {
    const worker = new Worker(new URL('./read-access-worker.ts', import.meta.url), { type: 'module' });
    const ways = await new Promise<readonly boolean[]>((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    });
    worker.terminate();
    return ways;
  },

  async leaveBehind() {
    const folder = await (await root()).getDirectoryHandle('left-behind', { create: true });
    await folder.getFileHandle('original.f32', { create: true });
  },

  sweep: sweepLongSongFolder,
};

Object.assign(window, { page });
