import type { WavFormat } from '../../src/audio/encode/encode-wav.ts';
import { type ExportFormat, FORMATS } from '../../src/audio/encode/formats.ts';
import { NI_STEMS_EXTENSION } from '../../src/containers/file-types.ts';
import type { VariablePredictor } from '../../src/model/predictor.ts';
import type { ClassicOptions } from '../../src/separation/classic/separate-classic.ts';
import { SOME_FAILED } from './exit-status.ts';
import { modelFolder, openModel } from './model-folder.ts';
import { type OutputPaths, outputPaths, type Stem, stemPaths } from './output-names.ts';
import type { Reporter } from './reporter.ts';
import { separateFile } from './separate-file.ts';
import { type SeparationFlags, separationOptions } from './separation-flags.ts';
import { STANDARD } from './standard-streams.ts';
import type { Stop } from './stop-signals.ts';
import { videoExtension } from './video-file.ts';

/** The flags of a run. */
export interface SeparateFlags extends SeparationFlags {
  readonly model?: string;
  readonly out?: string;
  readonly stem?: Stem;
  readonly from: number;
  readonly to: number;
  readonly track?: number;
  /** A format of sound, or one NI Stems file with both stems. */
  readonly format?: ExportFormat | 'stems';
  /** Copies the songs' videos with the stems as their sound. */
  readonly video?: boolean;
  readonly bits?: WavFormat;
  readonly json?: boolean;
  readonly classic?: boolean;
  readonly classicFrames?: ClassicOptions['frames'];
  /** Threads that compute the networks. */
  readonly threads: number;
}

/**
 * Separates songs one after the other with one model. A song that fails is told and does not end the run. Sets the exit
 * status.
 *
 * @throws as openModel
 */
export async function separateFiles(
  songs: readonly string[],
  flags: SeparateFlags,
  reporter: Reporter,
  stop: Stop,
): Promise<void> {
  const model = await openModel(await modelFolder(flags.model), flags.threads);
  try {
    await separateAll(songs, flags, { model, reporter, stop });
  } finally {
    // Its threads would keep the process alive.
    await model.dispose();
  }
}

async function separateAll(
  songs: readonly string[],
  flags: SeparateFlags,
  { model, reporter, stop }: { readonly model: VariablePredictor; readonly reporter: Reporter; readonly stop: Stop },
): Promise<void> {
  const paths = await pathsOf(songs, flags);
  let failed = 0;
  for (const [index, song] of songs.entries()) {
    try {
      await separateOne(song, paths[index], { model, flags, reporter, signal: stop.signal });
    } catch (error) {
      if (stop.signal.aborted) {
        console.error('Interrupted.');
        process.exitCode = stop.status();
        return;
      }
      failed++;
      reporter.failed(error, song);
    }
  }
  if (failed > 0) {
    process.exitCode = SOME_FAILED;
    if (songs.length > 1) console.error(`${failed} of ${songs.length} files failed.`);
  }
}

function formatOf({ format, bits }: SeparateFlags): ExportFormat | undefined {
  if (bits) return `wav${bits}`;
  return format === 'stems' ? 'm4a' : format;
}

async function pathsOf(songs: readonly string[], flags: SeparateFlags): Promise<readonly OutputPaths[]> {
  const { out, stem, format, video } = flags;
  if (out === STANDARD) return songs.map(() => ({ [stem as Stem]: STANDARD }));
  if (format === 'stems') return outputPaths(songs, out, () => ({ stems: `.${NI_STEMS_EXTENSION}` }));
  const { extension } = FORMATS[formatOf(flags) ?? 'wav16'];
  const paths = stemPaths(songs, out, video ? await Promise.all(songs.map(videoExtension)) : extension);
  return stem === undefined ? paths : paths.map((both) => ({ [stem]: both[stem] }));
}

interface Job {
  readonly model: VariablePredictor;
  readonly flags: SeparateFlags;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

async function separateOne(song: string, paths: OutputPaths, { model, flags, reporter, signal }: Job): Promise<void> {
  const progress = reporter.start(song);
  const result = await separateFile(song, {
    model,
    paths,
    format: formatOf(flags),
    track: flags.track === undefined ? undefined : flags.track - 1,
    isVideo: flags.video,
    range: { from: flags.from, to: flags.to },
    separation: separationOptions(flags),
    classic: flags.classic ? { frames: flags.classicFrames } : undefined,
    onProgress: progress.update,
    signal,
  }).finally(() => progress.stop());
  reporter.finished(song, result);
}
