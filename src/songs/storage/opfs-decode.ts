import { openInWorker } from '../../audio/decode/open-in-worker.ts';
import type { SongStream } from '../../audio/decode/song-stream.ts';
import { storageEstimate } from '../../core/storage-estimate.ts';
import { diskFault, MAX_SAMPLES, noDisk, noSpace, tooLong } from './long-song-errors.ts';
import { sweepLongSongFolder } from './long-song-folder.ts';
import type { OpfsSongFacts } from './opfs-song-engine.ts';
import { closeFiles, type OpfsSongFiles, openSongFiles } from './opfs-song-files.ts';
import { songBytes } from './opfs-song-server.ts';

/** Milliseconds between two reports. */
const REPORT_MS = 100;

/** Reserve of disk space, bytes; the spectrograms take 60 MB an hour. */
const SPARE_BYTES = 50_000_000;

export interface DecodeRequest {
  /** Name of the song's folder, which is there. */
  readonly folder: string;
  readonly file: Blob;
  /** What the song is called in errors. */
  readonly name: string;
  /** See OpenSongOptions. */
  readonly track?: number;
  /** Receives the seconds that are decoded, of about how many. */
  readonly onProgress: (seconds: number, expected: number) => void;
  /** Bytes that may be used; default: what the browser says is left. */
  readonly space?: number;
  /** Ends the decoding at the next piece. */
  readonly signal: AbortSignal;
}

/**
 * Decodes a file piece by piece into the files of a song, and allocates space for its vocals. For workers.
 *
 * @throws AudioDecodeError, LongSongError, the signal's reason
 */
export async function decodeToOpfs(request: DecodeRequest): Promise<OpfsSongFacts> {
  const { folder, file, name, track, space } = request;
  const stream = await openInWorker(file, name, { track });
  try {
    await requireSpace(stream, name, space);
    const files = await openSongFiles(folder, stream.channels, 'write').catch((cause) => {
      throw noDisk(name, { cause });
    });
    try {
      return await writeOriginal(stream, files, request);
    } finally {
      closeFiles(files);
    }
  } finally {
    stream.dispose();
  }
}

async function requireSpace({ expectedSamples, channels }: SongStream, name: string, space?: number): Promise<void> {
  if (expectedSamples > MAX_SAMPLES) throw tooLong(name);
  await sweepLongSongFolder();
  const needed = songBytes(expectedSamples, channels) + SPARE_BYTES;
  const free = space ?? (await freeBytes());
  if (free < needed) throw noSpace(name, needed, free);
}

async function freeBytes(): Promise<number> {
  const { quota, usage } = await storageEstimate();
  return quota === undefined ? Number.POSITIVE_INFINITY : quota - (usage ?? 0);
}

async function writeOriginal(
  stream: SongStream,
  { original, vocals }: OpfsSongFiles,
  { name, onProgress, signal }: DecodeRequest,
): Promise<OpfsSongFacts> {
  const { sampleRate, channels, expectedSamples } = stream;
  let samples = 0;
  let reported = 0;
  const onDisk = (act: () => void) => {
    try {
      act();
    } catch (cause) {
      throw diskFault(name, songBytes(samples, channels), cause);
    }
  };
  for await (const piece of stream.pieces()) {
    signal.throwIfAborted();
    if (samples + piece[0].length > MAX_SAMPLES) throw tooLong(name);
    onDisk(() => original.write(samples, piece));
    samples += piece[0].length;
    const now = performance.now();
    if (now - reported < REPORT_MS) continue;
    reported = now;
    onProgress(samples / sampleRate, expectedSamples / sampleRate);
  }
  onDisk(() => vocals.reserve(samples));
  const { notes, tracks, track } = stream;
  return { sampleRate, channels, samples, notes, tracks, depth: track.depth };
}
