import { basename } from 'node:path';
import type { ExportFormat } from '../../src/audio/encode/formats.ts';
import { UnsungError } from '../../src/core/errors.ts';
import { CommandLineError } from './command-line-error.ts';
import type { OutputPaths } from './output-names.ts';
import { clock, type Progress, startProgress } from './progress.ts';
import { describeError } from './report-error.ts';

/** A song that is separated. */
export interface SeparatedSong {
  /** The files that were written. */
  readonly files: OutputPaths;
  readonly format: ExportFormat;
  /** Length of the separated part, seconds. */
  readonly seconds: number;
  /** Hertz of the stems. */
  readonly sampleRate: number;
  readonly channels: number;
  /** Seconds that decoding, separating and writing took. */
  readonly tookSeconds: number;
  /** What a person should know about the stems, as sentences. */
  readonly notes: readonly string[];
}

/** Tells a person or a program how the work goes. `song` is the path as it was given. */
export interface Reporter {
  /** Begins a song. `stop` must be called before anything else is told. */
  start(song: string): Progress;
  finished(song: string, result: SeparatedSong): void;
  /** @param song undefined: the whole run */
  failed(error: unknown, song?: string): void;
}

/**
 * Progress as a bar on a terminal, errors and notes on standard error, results as lines on `output`: standard output,
 * unless the sound goes there.
 */
export function textReporter(output: NodeJS.WritableStream): Reporter {
  return {
    start: (song) => startProgress(basename(song)),
    finished(song, { files, seconds, tookSeconds, notes }) {
      for (const note of notes) console.error(`${song}: ${note}`);
      const paths = Object.values(files).join(', ');
      const took = `${tookSeconds.toFixed(1)} s, ${(seconds / tookSeconds).toFixed(1)} × real time`;
      output.write(`${song} (${clock(seconds)}) → ${paths} (${took})\n`);
    },
    failed: (error, song) =>
      console.error(song === undefined ? describeError(error) : `${song}: ${describeError(error)}`),
  };
}

/**
 * One JSON object in each line of `output`, with its kind as `event`: progress, result, error. Errors are written
 * to standard error, too, for a person.
 */
export function jsonReporter(output: NodeJS.WritableStream): Reporter {
  const write = (event: string, song: string | undefined, values: object): void => {
    output.write(`${JSON.stringify({ event, song, ...values })}\n`);
  };
  const text = textReporter(output);
  return {
    start: (song) => ({
      update: (doneSeconds, totalSeconds) => write('progress', song, { doneSeconds, totalSeconds }),
      stop: () => {},
    }),
    finished: (song, result) => write('result', song, result),
    failed(error, song) {
      text.failed(error, song);
      write('error', song, errorValues(error));
    },
  };
}

function errorValues(error: unknown): object {
  if (error instanceof UnsungError) {
    const { code, values, message, hint } = error;
    return { code, values, message, hint };
  }
  if (error instanceof CommandLineError) return { message: error.message, hint: error.hint };
  return { message: error instanceof Error ? error.message : String(error) };
}
