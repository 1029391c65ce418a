import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { Command } from 'commander';
import { clock } from '../tools/lib/progress.ts';
import { describeError } from '../tools/lib/report-error.ts';
import { withPages } from './chromium/serve.ts';
import { loads } from './lib/print.ts';
import { table } from './lib/table.ts';
import { type LongReport, measureLong } from './long/measure-long.ts';

const program = new Command('bench:long')
  .description('Measures time and memory of a recording of two hours on the real page in Chromium, all on disk.')
  .option('--minutes <n>', 'its length', Number, 120)
  .option('--model <id>', 'a model of models/index.json (default: the page’s)')
  .option('--json <file>', 'write all figures to this file')
  .parse();

function longText({ song, backend, steps, diskBytes }: LongReport): string {
  const mb = (bytes?: number) => (bytes === undefined ? '' : (bytes / 1e6).toFixed(0));
  return [
    `A recording of ${clock(song.seconds)} (${song.name}, ${mb(song.bytes)} MB), ${backend}, load average ${loads(loadavg())}`,
    `${(diskBytes / 1e9).toFixed(2)} GB on the disk. Peaks in MB (10⁶ bytes) since the line above, by /proc.`,
    table(
      ['', 'time, s', '× real time', 'page’s peak', 'its own', 'browser’s peak'],
      steps.map(({ what, seconds, pagePeak, pageOwn, browserPeak }) => [
        what,
        seconds.toFixed(1),
        (song.seconds / seconds).toFixed(0),
        mb(pagePeak),
        mb(pageOwn),
        mb(browserPeak),
      ]),
    ),
  ].join('\n');
}

try {
  const { minutes, model, json } = program.opts<{ minutes: number; model?: string; json?: string }>();
  const report = await withPages((address) => measureLong(address, minutes, model));
  console.log(longText(report));
  if (json) await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
} catch (error) {
  console.error(describeError(error));
  process.exitCode = 1;
}
