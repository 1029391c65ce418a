import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { InvalidArgumentError } from 'commander';
import { describeError } from '../../tools/lib/report-error.ts';

/**
 * Runs a benchmark. An error is printed and sets the exit status.
 *
 * @param measure measures, prints, and returns all figures
 * @param json a file for the figures
 */
export async function runBenchmark(measure: () => Promise<unknown>, json?: string): Promise<void> {
  try {
    const report = await measure();
    if (json !== undefined) await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
  } catch (error) {
    console.error(describeError(error));
    process.exitCode = 1;
  }
}

/** An option's number. @throws InvalidArgumentError unless it is finite and above 0 */
export function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('Give a number above 0.');
  return value;
}

/** The machine's load averages of 1, 5 and 15 minutes. */
export function loads(average: readonly number[] = loadavg()): string {
  return average.map((load) => load.toFixed(1)).join(' ');
}

/** Bytes in MB (10⁶ bytes); empty where they are unknown. */
export function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? '' : (bytes / 1e6).toFixed(0);
}

/** Rows as text: the first column is aligned to the left, the others to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join('  ');
  return all.map((row) => `  ${line(row)}`).join('\n');
}

/** The value below which `part` (0 to 1) of the values lie; NaN of none. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}
