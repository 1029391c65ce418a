import { readFile } from 'node:fs/promises';
import { basename, parse } from 'node:path';
import { Command, Option } from 'commander';
import { durationSeconds } from '../src/audio/audio-data.ts';
import { WAV_FORMATS, type WavFormat } from '../src/audio/encode/encode-wav.ts';
import { type ExportFormat, FORMATS } from '../src/audio/encode/formats.ts';
import { readTags } from '../src/audio/tags/read-tags.ts';
import type { VariablePredictor } from '../src/model/predictor.ts';
import { type ClassicOptions, classicShape, separateClassic } from '../src/separation/classic/separate-classic.ts';
import { INTERRUPTED, SOME_FAILED, WRONG_USAGE } from './lib/exit-status.ts';
import { modelFolder, openModel } from './lib/model-folder.ts';
import { type StemPaths, stemPaths } from './lib/output-names.ts';
import { clock, startProgress } from './lib/progress.ts';
import { readSong } from './lib/read-song.ts';
import { describeError } from './lib/report-error.ts';
import { separateSong } from './lib/separate-song.ts';
import { addSeparationFlags, type SeparationFlags, separationOptions } from './lib/separation-flags.ts';
import { writeStems } from './lib/write-stems.ts';

interface Flags extends SeparationFlags {
  readonly model?: string;
  readonly out?: string;
  readonly format: ExportFormat;
  readonly bits?: WavFormat;
  readonly classic?: boolean;
  readonly classicFrames?: ClassicOptions['frames'];
}

/** Formats that Node can write: their encoders are WebAssembly. Opus needs a browser's encoder. */
const NODE_FORMATS: readonly ExportFormat[] = ['wav16', 'wav24', 'wav32f', 'flac', 'mp3', 'm4a'];

const program = addSeparationFlags(new Command('separate'))
  .description('Separates songs into <name>.vocals.wav and <name>.accompaniment.wav, or other formats.')
  .argument('<songs...>', 'WAV, MP3, FLAC, Ogg, Opus, M4A, AAC or WebM files, or MP4 videos with sound')
  .option(
    '--model <id>',
    'a model of models/index.json, or the path of a model (default: the default in models/index.json)',
  )
  .option('--out <folder>', 'folder of the stems, created if missing (default: beside each song)')
  .addOption(new Option('--format <format>', 'file format of the stems').choices(NODE_FORMATS).default('wav16'))
  .addOption(new Option('--bits <bits>', 'the same as --format wav16, wav24 or wav32f').choices(WAV_FORMATS))
  .addOption(
    new Option(
      '--classic',
      'separates as the model’s own system does, for comparison: at its rate, patches end to end',
    ).conflicts(['quality', 'overlap']),
  )
  .addOption(
    new Option('--classic-frames <frames>', 'with --classic: what the network runs on at once (default: patch)')
      .choices(['patch', 'whole'])
      .implies({ classic: true }),
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : WRONG_USAGE))
  .parse();

async function run(songs: readonly string[], flags: Flags): Promise<void> {
  const stop = new AbortController();
  // The first Ctrl+C removes the unfinished files; a second one ends the process at once.
  process.once('SIGINT', () => stop.abort());
  const model = await openModel(await modelFolder(flags.model));
  const paths = stemPaths(songs, flags.out, FORMATS[formatOf(flags)].extension);
  let failed = 0;
  for (const [index, song] of songs.entries()) {
    try {
      await separateOne(song, paths[index], { model, flags, signal: stop.signal });
    } catch (error) {
      if (stop.signal.aborted) {
        console.error('Interrupted.');
        process.exitCode = INTERRUPTED;
        return;
      }
      failed++;
      console.error(`${song}: ${describeError(error)}`);
    }
  }
  if (failed > 0) {
    process.exitCode = SOME_FAILED;
    if (songs.length > 1) console.error(`${failed} of ${songs.length} files failed.`);
  }
}

function formatOf({ format, bits }: Flags): ExportFormat {
  return bits ? `wav${bits}` : format;
}

async function separateOne(
  path: string,
  stems: StemPaths,
  { model, flags, signal }: { readonly model: VariablePredictor; readonly flags: Flags; readonly signal: AbortSignal },
): Promise<void> {
  const started = performance.now();
  const song = await readSong(path);
  const progress = startProgress(basename(path));
  try {
    const format = formatOf(flags);
    const source = { name: parse(path).name, tags: await readTags(await readFile(path)) };
    const output = { paths: stems, format, source, onProgress: progress.update };
    const { mask, ...others } = separationOptions(flags);
    let peak: number;
    if (flags.classic) {
      const chunks = separateClassic(song, model, { mask, frames: flags.classicFrames, signal });
      const shape = classicShape(song, model.manifest);
      peak = await writeStems(chunks, shape, output);
    } else {
      peak = await separateSong(song, model, output, { mask, ...others, signal });
    }
    if (peak > 1 && FORMATS[format].clips) {
      const over = (20 * Math.log10(peak)).toFixed(1);
      console.error(`${path}: the stems reach ${over} dB over full scale and are cut off there; wav32f keeps them.`);
    }
  } finally {
    progress.stop();
  }
  const took = (performance.now() - started) / 1000;
  const length = durationSeconds(song);
  const speed = (length / took).toFixed(1);
  console.log(
    `${path} (${clock(length)}) → ${stems.vocals}, ${stems.accompaniment} (${took.toFixed(1)} s, ${speed} × real time)`,
  );
}

try {
  await run(program.args, program.opts<Flags>());
} catch (error) {
  console.error(describeError(error));
  process.exitCode = SOME_FAILED;
}
