import { type ByteSink, writeFault } from '../../audio/encode/byte-sink.ts';
import { readTags } from '../../audio/tags/read-tags.ts';
import type { SongTags } from '../../audio/tags/song-tags.ts';
import { exposeEngine } from '../../core/expose-engine.ts';
import { openHandle, type SongReader } from '../../songs/storage/song-handle.ts';
import { differenceSource } from '../../songs/storage/song-source.ts';
import type { ExportEngine, ExportOutcome } from './export-engine.ts';
import { exportBytes, exportMimeType } from './export-request.ts';
import { batchBytes, runBatchExport } from './run-batch-export.ts';
import { runExport } from './run-export.ts';
import { chosenFile, createTemporaryFile, sweepTemporaryFiles } from './temporary-files.ts';

/** Milliseconds between two reports. */
const REPORT_MS = 100;

let job: AbortController | undefined;

void sweepTemporaryFiles(Date.now());

const engine: ExportEngine = {
  async run(request, { song, file, minus }, target, onProgress) {
    const expected = exportBytes(request, song);
    const readers = [song, ...(minus ? [minus] : [])].map(openHandle);
    const [source, other] = readers;
    try {
      return await intoFile(expected, target, exportMimeType(request), async (sink, signal) =>
        runExport(request, {
          source: other ? differenceSource(source, other) : source,
          tags: await tagsOf(file),
          video: file,
          sink,
          temporary: () => createTemporaryFile(expected / 2),
          signal,
          onProgress: seldom(onProgress),
        }),
      );
    } finally {
      for (const reader of readers) reader.close();
    }
  },

  async runBatchExport(request, target, open, onProgress) {
    let source: SongReader | undefined;
    try {
      return await intoFile(batchBytes(request), target, 'application/zip', (sink, signal) =>
        runBatchExport(request, {
          async open(index) {
            source?.close();
            source = undefined;
            const next = await open(index);
            if (!next) return undefined;
            source = openHandle(next.song);
            return { source, tags: await tagsOf(next.file) };
          },
          sink,
          temporary: createTemporaryFile,
          signal,
          onProgress: seldom(onProgress),
        }),
      );
    } finally {
      source?.close();
    }
  },

  cancel() {
    job?.abort();
  },
};

type Failure = Extract<ExportOutcome, { readonly kind: 'cancelled' | 'failed' }>;

/** Creates a sink for `make` and turns the result into an outcome. */
async function intoFile<Result>(
  expected: number,
  target: FileSystemFileHandle | undefined,
  mimeType: string,
  make: (sink: ByteSink, signal: AbortSignal) => Promise<Result>,
): Promise<(Result & { kind: 'done'; bytes: number; file: Blob | undefined }) | Failure> {
  job = new AbortController();
  const { signal } = job;
  try {
    const waiting = target ? undefined : await createTemporaryFile(expected);
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

async function tagsOf(file: Blob | undefined): Promise<SongTags> {
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
