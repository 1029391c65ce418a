import { Command, InvalidArgumentError, Option } from 'commander';
import { version } from '../package.json';
import { WAV_FORMATS } from '../src/audio/encode/encode-wav.ts';
import type { ExportFormat } from '../src/audio/encode/formats.ts';
import { SOME_FAILED, WRONG_USAGE } from './lib/exit-status.ts';
import { STEMS } from './lib/output-names.ts';
import { jsonReporter, textReporter } from './lib/reporter.ts';
import type { SeparateFlags } from './lib/separate-files.ts';
import { addSeparationFlags } from './lib/separation-flags.ts';
import { STANDARD } from './lib/standard-streams.ts';
import { listenForStop } from './lib/stop-signals.ts';
import { parseTime } from './lib/time-range.ts';

/** Formats that Node can write: their encoders are WebAssembly. Opus needs a browser's encoder. */
const NODE_FORMATS: readonly ExportFormat[] = ['wav16', 'wav24', 'wav32f', 'flac', 'mp3', 'm4a'];

function fromOne(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('Give a whole number from 1 on.');
  return Number(text);
}

const program = addSeparationFlags(new Command('unsung'))
  .description('Separates songs into <name>.vocals.wav and <name>.accompaniment.wav, or other formats.')
  .version(version)
  .argument('<songs...>', 'WAV, MP3, FLAC, Ogg, Opus, M4A, AAC or WebM files, or videos with sound; -: standard input')
  .option(
    '--model <id>',
    'a model of models/index.json, or the path of a model (default: the default in models/index.json)',
  )
  .option(
    '--out <folder>',
    'folder of the stems, created if missing; -: standard output, with --stem (default: beside each song)',
  )
  .addOption(new Option('--stem <stem>', 'writes this stem only (default: both)').choices(STEMS))
  .option('--from <time>', 'separates from this time on, in seconds or minutes:seconds', parseTime, 0)
  .addOption(
    new Option('--to <time>', 'separates up to this time')
      .argParser(parseTime)
      .default(Number.POSITIVE_INFINITY, 'the song’s end'),
  )
  .option('--track <number>', 'separates this audio track, from 1 on (default: the one that the file names)', fromOne)
  .option('--threads <number>', 'threads that compute the networks; each needs more memory', fromOne, 1)
  .addOption(
    new Option(
      '--format <format>',
      'file format of the stems; stems: one NI Stems file for DJ programs (default: WAV with the bits that song and stems need)',
    ).choices([...NODE_FORMATS, 'stems']),
  )
  .addOption(new Option('--bits <bits>', 'the same as --format wav16, wav24 or wav32f').choices(WAV_FORMATS))
  .addOption(
    new Option('--video', 'copies each video with a stem as its sound: <name>.accompaniment.mp4').conflicts([
      'format',
      'bits',
      'classic',
    ]),
  )
  .option('--json', 'prints progress, results and errors as JSON, one object in each line')
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

/** What is wrong with flags that do not fit together; undefined: nothing. */
function usageFault(songs: readonly string[], flags: SeparateFlags): string | undefined {
  const { out, stem, from, to, json, format, video } = flags;
  if (from >= to) return '--from must be before --to.';
  if (songs.filter((song) => song === STANDARD).length > 1) return 'Standard input is one song: give “-” once.';
  const isPart = from > 0 || to < Number.POSITIVE_INFINITY;
  if (video && isPart) return '--video copies the whole video: leave --from and --to out.';
  if (format === 'stems' && stem) return 'NI Stems hold both stems: leave --stem out.';
  if ((video || format === 'stems') && out === STANDARD) return 'Standard output takes only sound.';
  if (out !== STANDARD) return undefined;
  if (stem === undefined) return 'Standard output takes one stem: choose it with --stem.';
  if (songs.length > 1) return 'Standard output takes the stem of one song.';
  return json ? 'Standard output takes either the sound or --json.' : undefined;
}

const songs = program.args;
const flags = program.opts<SeparateFlags>();
const fault = usageFault(songs, flags);
if (fault !== undefined) program.error(`error: ${fault}`);
const results = flags.out === STANDARD ? process.stderr : process.stdout;
const stop = listenForStop();
const reporter = flags.json ? jsonReporter(results) : textReporter(results);
try {
  // Loaded after the flags are known to be right: TensorFlow.js takes half a second.
  const { separateFiles } = await import('./lib/separate-files.ts');
  await separateFiles(songs, flags, reporter, stop);
} catch (error) {
  reporter.failed(error);
  process.exitCode = SOME_FAILED;
}
