import * as Comlink from 'comlink';
import { writeFault } from '../../audio/export/byte-sink.ts';
import { readTags } from '../../audio/export/tags.ts';
import type { ExportEngine, ExportOutcome } from './engine.ts';
import { exportBytes, exportMimeType } from './order.ts';
import { runExport } from './run-export.ts';
import type { SongSource } from './song-source.ts';
import { chosenFile, sweepWaitingFiles, waitingFile } from './temporary-files.ts';

/** Milliseconds between two reports. */
const REPORT_MS = 100;

let job: AbortController | undefined;

void sweepWaitingFiles(Date.now());

const engine: ExportEngine = {
  async run(order, song, target, read, onProgress) {
    job = new AbortController();
    const { signal } = job;
    const { shared, sampleRate, channels, samples } = song;
    const source: SongSource = {
      sampleRate,
      channels,
      samples,
      read: shared
        ? async (start, end) => ({
            original: shared.original.map((channel) => channel.subarray(start, end)),
            vocals: shared.vocals.map((channel) => channel.subarray(start, end)),
          })
        : read,
    };
    let reported = 0;
    try {
      const expected = exportBytes(order, song);
      const waiting = target ? undefined : await waitingFile(expected);
      const sink = waiting ?? (await chosenFile(target as FileSystemFileHandle));
      let bytes = 0;
      const { gain, peak } = await runExport(order, {
        source,
        tags: song.file ? await readTags(song.file) : {},
        sink: {
          ...sink,
          write(data, position) {
            bytes = Math.max(bytes, position + data.length);
            return sink.write(data, position);
          },
        },
        temporary: () => waitingFile(expected / 2),
        signal,
        onProgress(part) {
          const now = performance.now();
          if (now - reported < REPORT_MS && part < 1) return;
          reported = now;
          onProgress(part);
        },
      });
      return { kind: 'done', gain, peak, bytes, file: await waiting?.blob(exportMimeType(order)) };
    } catch (error) {
      return signal.aborted ? { kind: 'cancelled' } : failed(error);
    }
  },

  cancel() {
    job?.abort();
  },
};

function failed(error: unknown): ExportOutcome {
  const { fault, cause } = writeFault(error);
  const from = cause ?? error;
  return { kind: 'failed', fault, detail: from instanceof Error ? from.message : String(from) };
}

Comlink.expose(engine);
