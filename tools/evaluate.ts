import { constants } from 'node:fs';
import { access, mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import type { Predictor } from '../src/separation/separate.ts';
import { type Estimates, measure, ORACLE, separateWhole } from './lib/evaluate-measure.ts';
import {
  closeTables,
  makeReport,
  openTable,
  type SongFailure,
  type SongResult,
  toJson,
} from './lib/evaluate-report.ts';
import { chooseStems, findSongs, type SongFolder, SongFolderError } from './lib/evaluate-songs.ts';
import { readStems } from './lib/evaluate-stems.ts';
import { modelFolder, openModel } from './lib/model-folder.ts';
import { startProgress } from './lib/progress.ts';
import { describeError } from './lib/report-error.ts';

interface Flags {
  readonly data: string;
  readonly model?: string;
  readonly json?: string;
  readonly bss: boolean;
  readonly seconds?: number;
}

/** Exit statuses. */
const SOME_FAILED = 1;
const WRONG_USAGE = 2;
/** As shells count it: 128 + the number of SIGINT. */
const INTERRUPTED = 130;

const program = new Command('evaluate')
  .description('Measures how well a model separates songs whose true vocals and accompaniment are known.')
  .requiredOption('--data <folder>', 'songs, at any depth: folders with vocals.* and accompaniment.*, or MUSDB18 stems')
  .option('--model <id>', 'a model of models/index.json, or the path of a model (default: the default one there)')
  .option('--json <file>', 'writes every value there too')
  .option('--bss', 'also SDR, ISR, SIR and SAR of BSS Eval v4 (slow)', false)
  .option('--seconds <number>', 'measures only the beginning of each song', positive)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : WRONG_USAGE))
  .parse();

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('Give a number above 0.');
  return value;
}

async function run(flags: Flags): Promise<void> {
  const found = await findSongs(flags.data);
  if (flags.json !== undefined) await requireWritable(flags.json);
  const model = await openModel(await modelFolder(flags.model));
  const { id, title } = model.manifest;
  const extent = flags.seconds === undefined ? '' : `, the first ${flags.seconds} s of each`;
  console.log(`Model ${id}, “${title}”, on ${count(found.length)} in ${flags.data}${extent}\n`);

  const table = openTable(found);
  console.log(table.head);
  const songs: SongResult[] = [];
  const failures: SongFailure[] = [];
  for (const [index, folder] of found.entries()) {
    const { path, set } = folder;
    try {
      const song = await evaluateSong(folder, model, flags, `${index + 1}/${found.length} ${path}`);
      songs.push(song);
      for (const note of song.notes) console.error(`${path}: ${note}`);
      console.log(table.row(path, song, song.seconds));
    } catch (error) {
      const told = describeError(error);
      failures.push({ path, set, error: told });
      console.error(`${path}: ${told}`);
    }
  }

  const { seconds = null, bss } = flags;
  const options = { seconds, bss, mask: 'soft', idealRatioMask: ORACLE } as const;
  const report = makeReport({ model: { id, title }, data: flags.data, options, songs, failures });
  console.log(closeTables(report, table));
  if (flags.json !== undefined) await writeFile(flags.json, toJson(report));
  if (failures.length > 0) {
    process.exitCode = SOME_FAILED;
    console.error(`${failures.length} of ${count(found.length)} could not be measured.`);
  }
}

/** Holds one song in memory, and nothing of it but its scores when it returns. */
async function evaluateSong(
  folder: SongFolder,
  model: Predictor,
  { bss, seconds }: Flags,
  label: string,
): Promise<SongResult> {
  const stems = await readStems(chooseStems(folder), seconds);
  const progress = startProgress(label);
  const interrupt = (): void => {
    // The bar hid the cursor.
    progress.stop();
    process.exit(INTERRUPTED);
  };
  process.once('SIGINT', interrupt);
  let estimates: Estimates;
  try {
    estimates = await separateWhole(stems, model, progress.update);
  } finally {
    process.off('SIGINT', interrupt);
    progress.stop();
  }
  const hide = showMeasuring(label);
  const scores = measure(stems, estimates, { bss });
  hide();
  const { sampleRate, mixture, notes } = stems;
  return {
    path: folder.path,
    set: folder.set,
    seconds: mixture[0].length / sampleRate,
    sampleRate,
    channels: mixture.length,
    notes,
    ...scores,
  };
}

/** A line on a terminal, as a bar would stand still: measuring goes on without a pause. */
function showMeasuring(label: string): () => void {
  const { stderr } = process;
  if (!stderr.isTTY) return () => {};
  stderr.write(`${label} measuring …`);
  return () => stderr.write('\r\u001b[K');
}

function count(songs: number): string {
  return songs === 1 ? '1 song' : `${songs} songs`;
}

/** Now, and not when everything is measured. */
async function requireWritable(path: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const existing = await stat(path).catch(() => undefined);
  if (existing?.isDirectory()) throw new SongFolderError(`“${path}” is a folder.`, 'Give --json the name of a file.');
  await access(existing ? path : folder, constants.W_OK);
}

try {
  await run(program.opts<Flags>());
} catch (error) {
  console.error(describeError(error));
  process.exitCode = error instanceof SongFolderError ? WRONG_USAGE : SOME_FAILED;
}
