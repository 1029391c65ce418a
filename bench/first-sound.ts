import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { Command } from 'commander';
import { clock } from '../tools/lib/progress.ts';
import { describeError } from '../tools/lib/report-error.ts';
import { withPages } from './chromium/serve.ts';
import { type FirstSoundReport, measureFirstSound } from './first-sound/measure-first-sound.ts';
import { loads } from './lib/print.ts';
import { table } from './lib/table.ts';

interface Options {
  readonly seconds: number;
  readonly runs: number;
  readonly atOnce: boolean;
  readonly json?: string;
}

const program = new Command('bench:first-sound')
  .description('Measures how soon a song is heard on the real page in Chromium, with the model in the browser’s cache.')
  .option('--seconds <n>', 'its length', Number, 240)
  .option('--runs <n>', 'how often', Number, 3)
  .option('--at-once', 'drops it while the page is still getting ready', false)
  .option('--json <file>', 'write all figures to this file')
  .parse();

function text({ song, backend, runs }: FirstSoundReport): string {
  return [
    `A song of ${clock(song.seconds)} (${song.name}), ${backend}, load average ${loads(loadavg())}; seconds after the drop`,
    table(
      ['run', 'player there', 'first sound', 'first separated', 'sought 3/4: separated after'],
      runs.map((run, n) => [
        String(n + 1),
        ...[run.playable, run.sound, run.separated, run.soughtAhead].map((value) => value.toFixed(2)),
      ]),
    ),
  ].join('\n');
}

try {
  const { seconds, runs, atOnce, json } = program.opts<Options>();
  const report = await withPages((address) => measureFirstSound(address, seconds, runs, atOnce));
  console.log(text(report));
  if (json) await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
} catch (error) {
  console.error(describeError(error));
  process.exitCode = 1;
}
