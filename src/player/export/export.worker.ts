import { type ByteSink, writeFault } from '../../audio/encode/byte-sink.ts';
import { readTags, type SongTags } from '../../audio/encode/tags.ts';
import { exposeEngine } from '../../core/expose-engine.ts';
import { freeMemory } from '../../core/memory.ts';
import type { SongPiece, SongSource } from '../../songs/storage/song-source.ts';
import type { ExportEngine, ExportOutcome, SongHandle } from './export-engine.ts';
import { exportBytes, exportMimeType } from './export-order.ts';
import { batchBytes, runBatchExport } from './run-batch-export.ts';
import { runExport } from './run-export.ts';
import { chosenFile, sweepWaitingFiles, waitingFile } from './temporary-files.ts';

/** Milliseconds between two reports. */
const REPORT_MS = 100;

let job: AbortController | undefined;

void sweepWaitingFiles(Date.now());

const engine: ExportEngine = {
  async run(order, song, target, read, onProgress) {
    const expected = exportBytes(order, song);
    return await intoFile(expected, target, exportMimeType(order), async (sink, signal) =>
      runExport(order, {
        source: sourceOf(song, read),
        tags: await tagsOf(song),
        sink,
        temporary: () => waitingFile(expected / 2),
        signal,
        onProgress: seldom(onProgress),
      }),
    );
  },

  async runBatchExport(order, target, open, read, onProgress) {
    return await intoFile(batchBytes(order), target, 'application/zip', (sink, signal) =>
      runBatchExport(order, {
        async open(index) {
          const song = await open(index);
          return song && { source: sourceOf(song, read), tags: await tagsOf(song) };
        },
        sink,
        temporary: waitingFile,
        signal,
        onProgress: seldom(onProgress),
      }),
    );
  },

  cancel() {
    job?.abort();
  },
};

type Failure = Extract<ExportOutcome, { readonly kind: 'cancelled' | 'failed' }>;

/** Gives `make` a sink, and what came of it to the page. */
async function intoFile<Result>(
  expected: number,
  target: FileSystemFileHandle | undefined,
  mimeType: string,
  make: (sink: ByteSink, signal: AbortSignal) => Promise<Result>,
): Promise<(Result & { kind: 'done'; bytes: number; file: Blob | undefined }) | Failure> {
  job = new AbortController();
  const { signal } = job;
  try {
    const waiting = target ? undefined : await waitingFile(expected);
    const sink = waiting ?? (await chosenFile(target as FileSystemFileHandle));
    let bytes = 0;
    const counting: ByteSink = {
      ...sink,
      write(data, position) {
        bytes = Math.max(bytes, position + data.length);
        return sink.write(data, position);
      },
    };
    const result = await make(counting, signal);
    return { ...result, kind: 'done', bytes, file: await waiting?.blob(mimeType) };
  } catch (error) {
    return signal.aborted ? { kind: 'cancelled' } : failed(error);
  }
}

function sourceOf({ shared, sampleRate, channels, samples }: SongHandle, read: SongSource['read']): SongSource {
  return {
    sampleRate,
    channels,
    samples,
    read: shared
      ? async (start, end) => ({
          original: shared.original.map((channel) => channel.subarray(start, end)),
          vocals: shared.vocals.map((channel) => channel.subarray(start, end)),
        })
      : givenBack(read),
  };
}

/** The pieces' memory is given back with the next call: they are the worker's own. */
function givenBack(read: SongSource['read']): SongSource['read'] {
  let lent: SongPiece = { original: [], vocals: [] };
  return async (start, end) => {
    freeMemory([...lent.original, ...lent.vocals]);
    lent = await read(start, end);
    return lent;
  };
}

async function tagsOf({ file }: SongHandle): Promise<SongTags> {
  return file ? await readTags(file) : {};
}

function seldom(onProgress: (part: number) => void): (part: number) => void {
  let reported = 0;
  return (part) => {
    const now = performance.now();
    if (now - reported < REPORT_MS && part < 1) return;
    reported = now;
    onProgress(part);
  };
}

function failed(error: unknown): Failure {
  const { code, values } = writeFault(error);
  return { kind: 'failed', error: { code, values } };
}

exposeEngine(engine);
