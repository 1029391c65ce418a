import { constants } from 'node:fs';
import { access, mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { titleOf } from '../src/model/manifest.ts';
import type { VariablePredictor } from '../src/model/predictor.ts';
import { markdownTables, writeBlocks } from './lib/evaluate-markdown.ts';
import { chooseMethods, ORACLE } from './lib/evaluate-methods.ts';
import {
  closeTables,
  makeReport,
  openTable,
  type SongFailure,
  type SongResult,
  toJson,
} from './lib/evaluate-report.ts';
import { evaluateSong, requireDistinct } from './lib/evaluate-song.ts';
import { chooseStems, findSongs, type SongFolder, SongFolderError } from './lib/evaluate-songs.ts';
import { readStems } from './lib/evaluate-stems.ts';
import { SOME_FAILED, WRONG_USAGE } from './lib/exit-status.ts';
import { modelFolder, openModel } from './lib/model-folder.ts';
import { describeError } from './lib/report-error.ts';
import { type SdrCurve, sdrChart } from './lib/sdr-chart.ts';
import { addSeparationFlags, type SeparationFlags, separationOptions } from './lib/separation-flags.ts';

interface Flags extends SeparationFlags {
  readonly data: string;
  readonly model?: readonly string[];
  readonly song?: readonly string[];
  readonly baselines: boolean;
  readonly json?: string;
  readonly markdown?: string;
  readonly write?: readonly string[];
  readonly picture?: string;
  readonly bss: boolean;
  readonly seconds?: number;
}

const program = addSeparationFlags(
  new Command('evaluate')
    .description('Measures how well models separate songs whose true vocals and accompaniment are known.')
    .requiredOption(
      '--data <folder>',
      'songs, at any depth: folders with vocals.* and accompaniment.*, or MUSDB18 stems',
    )
    .option(
      '--model <id...>',
      'models of models/index.json, or paths of models (default: the default in models/index.json)',
      list,
    )
    .option('--song <text...>', 'only songs whose path contains one of these', list)
    .option('--baselines', 'also centre-channel subtraction and the ideal mask of each model (slow)', false)
    .option('--bss', 'also SDR, ISR, SIR and SAR of BSS Eval v4 (slow)', false)
    .option('--seconds <number>', 'measures only the beginning of each song', positive)
    .option('--json <file>', 'writes every value to this file')
    .option('--markdown <file>', 'writes the tables to this file as Markdown')
    .option(
      '--write <files...>',
      'replaces the block between <!-- evaluation --> and <!-- /evaluation --> in these files',
      list,
    )
    .option('--picture <file.svg>', 'draws the SDR of each second of the first song'),
)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : WRONG_USAGE))
  .parse();

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('Give a number above 0.');
  return value;
}

/** `a,b` gives two values, and so does the option given twice. */
function list(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...text.split(',').filter((part) => part !== '')];
}

async function run(flags: Flags): Promise<void> {
  const all = await findSongs(flags.data);
  const found = all.filter(({ path }) => flags.song?.some((text) => path.includes(text)) ?? true);
  if (found.length === 0) throw new SongFolderError('No song has such a name.', 'Check --song.');
  for (const flag of ['json', 'markdown', 'picture'] as const) {
    const path = flags[flag];
    if (path !== undefined) await requireWritable(path, `--${flag}`);
  }
  const models: VariablePredictor[] = [];
  for (const id of flags.model ?? [undefined]) models.push(await openModel(await modelFolder(id)));
  const failures = await evaluate(found, requireDistinct(models), flags);
  if (failures > 0) {
    process.exitCode = SOME_FAILED;
    console.error(`${failures} of ${count(found.length)} could not be measured.`);
  }
}

/** @returns how many songs could not be measured */
async function evaluate(
  found: readonly SongFolder[],
  models: readonly VariablePredictor[],
  flags: Flags,
): Promise<number> {
  const { seconds = null, bss, baselines } = flags;
  const names = models.map(({ manifest }) => `${manifest.id}, “${titleOf(manifest)}”`);
  const extent = seconds === null ? '' : `, the first ${seconds} s of each`;
  console.log(`Model ${names.join(' and ')}, on ${count(found.length)} in ${flags.data}${extent}\n`);

  const separation = separationOptions(flags);
  const methods = chooseMethods(models, { baselines, options: separation });
  const table = openTable(methods, found);
  console.log(table.head);
  const songs: SongResult[] = [];
  let picture: string | undefined;
  const failures = await eachSong(found, flags, async (folder, stems, label) => {
    const curves: SdrCurve[] = [];
    const drawn = flags.picture !== undefined && picture === undefined;
    const song = await evaluateSong(folder, stems, methods, {
      bss,
      label,
      onEstimates(method, estimates) {
        if (drawn) curves.push({ title: method.title, ...estimates });
      },
    });
    songs.push(song);
    for (const note of song.notes) console.error(`${folder.path}: ${note}`);
    console.log(table.row(folder.path, song, song.seconds));
    if (drawn) picture = sdrChart(folder.path, stems, curves, stems.sampleRate);
  });

  const report = makeReport({
    models: models.map(({ manifest }) => ({ id: manifest.id, title: titleOf(manifest) })),
    methods: methods.map(({ key, title, about, bss: own }) => ({ key, title, about, bss: own })),
    data: flags.data,
    options: { seconds, bss, separation, idealRatioMask: ORACLE },
    songs,
    failures,
  });
  console.log(closeTables(report, table));
  if (flags.json !== undefined) await writeFile(flags.json, toJson(report));
  if (flags.picture !== undefined && picture !== undefined) await writeFile(flags.picture, picture);
  const markdown = markdownTables(report, commandOf(flags));
  if (flags.markdown !== undefined) await writeFile(flags.markdown, markdown);
  if (flags.write !== undefined && failures.length === 0) await writeBlocks(flags.write, markdown);
  return failures.length;
}

/** Reads one song at a time. A song that fails does not stop the others. */
async function eachSong(
  found: readonly SongFolder[],
  { seconds }: Flags,
  work: (folder: SongFolder, stems: Awaited<ReturnType<typeof readStems>>, label: string) => Promise<void>,
): Promise<SongFailure[]> {
  const failures: SongFailure[] = [];
  for (const [index, folder] of found.entries()) {
    const { path, set } = folder;
    try {
      const stems = await readStems(chooseStems(folder), seconds);
      await work(folder, stems, `${index + 1}/${found.length} ${path}`);
    } catch (error) {
      const told = describeError(error);
      failures.push({ path, set, error: told });
      console.error(`${path}: ${told}`);
    }
  }
  return failures;
}

/** The command that makes these tables again, without the path of this machine's songs. */
function commandOf({ model, song, baselines, bss, seconds }: Flags): string {
  return [
    'npm run evaluate -- --data DIR',
    ...(model?.map((id) => `--model ${id}`) ?? []),
    ...(song?.map((text) => `--song ${text}`) ?? []),
    ...(baselines ? ['--baselines'] : []),
    ...(bss ? ['--bss'] : []),
    ...(seconds === undefined ? [] : [`--seconds ${seconds}`]),
  ].join(' ');
}

function count(songs: number): string {
  return songs === 1 ? '1 song' : `${songs} songs`;
}

/** Fails before the measurement, not after it. */
async function requireWritable(path: string, flag: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const existing = await stat(path).catch(() => undefined);
  if (existing?.isDirectory()) throw new SongFolderError(`“${path}” is a folder.`, `Give ${flag} the name of a file.`);
  await access(existing ? path : folder, constants.W_OK);
}

try {
  await run(program.opts<Flags>());
} catch (error) {
  console.error(describeError(error));
  process.exitCode = error instanceof SongFolderError ? WRONG_USAGE : SOME_FAILED;
}
