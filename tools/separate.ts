import { basename } from 'node:path';
import { Command, Option } from 'commander';
import { durationSeconds } from '../src/audio/audio-data.ts';
import { WAV_FORMATS, type WavFormat } from '../src/audio/encode-wav.ts';
import type { MaskKind } from '../src/dsp/mask.ts';
import type { Predictor } from '../src/separation/separate.ts';
import { modelFolder, openModel } from './lib/model-folder.ts';
import { stemPaths } from './lib/output-names.ts';
import { clock, startProgress } from './lib/progress.ts';
import { readSong } from './lib/read-song.ts';
import { describeError } from './lib/report-error.ts';
import { separateSong } from './lib/separate-song.ts';

interface Flags {
  readonly model?: string;
  readonly out?: string;
  readonly mask: MaskKind['kind'];
  readonly bits: WavFormat;
}

/** Exit statuses. */
const SOME_FAILED = 1;
const WRONG_USAGE = 2;
/** As shells count it: 128 + the number of SIGINT. */
const INTERRUPTED = 130;

const MASKS: Readonly<Record<MaskKind['kind'], MaskKind>> = {
  soft: { kind: 'soft' },
  hard: { kind: 'hard' },
  sharp: { kind: 'sharp', exponent: 2 },
};

const program = new Command('separate')
  .description('Takes songs apart into <name>.vocals.wav and <name>.accompaniment.wav.')
  .argument('<songs...>', 'WAV, MP3, FLAC, Ogg, Opus, M4A, AAC or WebM files, or MP4 videos with sound')
  .option('--model <id>', 'a model of models/index.json, or the path of a model (default: the default one there)')
  .option('--out <folder>', 'where the files are written; made where it is missing (default: beside each song)')
  .addOption(new Option('--mask <kind>', 'how the mask is used').choices(Object.keys(MASKS)).default('soft'))
  .addOption(new Option('--bits <bits>', 'bits of a sample; 32f is floating point').choices(WAV_FORMATS).default('16'))
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : WRONG_USAGE))
  .parse();

async function run(songs: readonly string[], flags: Flags): Promise<void> {
  const stop = new AbortController();
  // The first Ctrl+C takes the unfinished files away, a second one ends at once.
  process.once('SIGINT', () => stop.abort());
  const model = await openModel(await modelFolder(flags.model));
  const paths = stemPaths(songs, flags.out);
  let failed = 0;
  for (const [index, song] of songs.entries()) {
    try {
      await separateOne(song, paths[index], model, flags, stop.signal);
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

async function separateOne(
  path: string,
  stems: ReturnType<typeof stemPaths>[number],
  model: Predictor,
  { mask, bits }: Flags,
  signal: AbortSignal,
): Promise<void> {
  const started = performance.now();
  const song = await readSong(path);
  const progress = startProgress(basename(path));
  try {
    await separateSong(song, model, stems, bits, { mask: MASKS[mask], signal }, progress.update);
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
