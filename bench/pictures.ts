import { describeError } from '../tools/lib/report-error.ts';
import { withPages } from './chromium/serve.ts';
import { type FrameFigures, measureFrames } from './pictures/measure-frames.ts';

/** Measures how smoothly the pictures move while the demo song plays: `npm run bench:pictures`. */
function table(figures: readonly FrameFigures[]): string {
  const ms = (value: number) => value.toFixed(1);
  return [
    '| | pictures a second | from one to the next, ms: median, 95 % | the page’s thread’s work for one, ms: all, scripts, style and layout |',
    '|---|---|---|---|',
    ...figures.map(
      ({ what, rate, interval, work }) =>
        `| ${what} | ${ms(rate)} | ${ms(interval.median)}, ${ms(interval.late)} | ` +
        `**${ms(work.all)}**, ${ms(work.script)}, ${ms(work.layout)} |`,
    ),
  ].join('\n');
}

try {
  console.log(table(await withPages((address) => measureFrames(address))));
} catch (error) {
  console.error(describeError(error));
  process.exitCode = 1;
}
