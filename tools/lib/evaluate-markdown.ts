import { readFile, writeFile } from 'node:fs/promises';
import { CommandLineError } from './command-line-error.ts';
import type { Measure, Target } from './evaluate-measure.ts';
import type { Report } from './evaluate-report.ts';
import type { Summary } from './evaluate-summary.ts';
import { BSS_MEASURES, decibels } from './evaluate-table.ts';

const BEGIN = '<!-- evaluation -->';
const END = '<!-- /evaluation -->';
/** The block goes to the end of this section in a file that has none yet. */
const SECTION = /^## (evaluation|how good)\b.*$/im;

/** A file has no place for the tables. */
export class NoPlaceError extends CommandLineError {}

/** The tables in Markdown: means of SDR by set, medians of BSS Eval v4, and the command that makes them. */
export function markdownTables(report: Report, command: string): string {
  const { sets, all, methods, options } = report;
  if (all === null) return 'No song could be measured.\n';
  const groups =
    Object.entries(sets).length > 1 ? [...Object.entries(sets), ['all', all] as const] : [['all', all] as const];
  const parts = [
    'SDR of whole songs in dB, 10·log10(‖s‖² / ‖s − ŝ‖²), mean over the songs of a set; vocals / accompaniment:',
    table(
      ['', ...groups.map(([set, { songs }]) => `${set}, ${songs} ${songs === 1 ? 'song' : 'songs'}`)],
      methods.map(({ key, title }) => [title, ...groups.map(([, summary]) => pair(summary, key))]),
    ),
  ];
  if (options.bss) {
    parts.push(
      'BSS Eval v4 in dB, median over the songs of medians over frames of 1 s; vocals / accompaniment:',
      table(
        ['', ...BSS_MEASURES.map(([, title]) => title)],
        methods
          .filter((method) => method.bss)
          .map(({ key, title }) => [
            title,
            ...BSS_MEASURES.map(([measure]) =>
              (['vocals', 'accompaniment'] as const)
                .map((target) => decibels(all.median[target][key]?.[measure as Measure]))
                .join(' / '),
            ),
          ]),
      ),
    );
  }
  parts.push(methods.map(({ title, about }) => `- **${title}**: ${about}`).join('\n'), `Made by \`${command}\`.`);
  return `${parts.join('\n\n')}\n`;
}

function pair({ mean }: Summary, key: string): string {
  const of = (target: Target) => decibels(mean[target][key]?.sdr);
  return `${of('vocals')} / ${of('accompaniment')}`;
}

/** Lines of a Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/**
 * Replaces the block between the marks. Without marks, adds the block to the end of the section “Evaluation” or “How
 * good”.
 *
 * @param name of the file, for the message
 * @throws NoPlaceError when there are neither marks nor such a section
 */
export function replaceBlock(text: string, content: string, name: string): string {
  const block = `${BEGIN}\n\n${content.trim()}\n\n${END}`;
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END);
  if (from >= 0 && to > from) return text.slice(0, from) + block + text.slice(to + END.length);
  const section = SECTION.exec(text);
  if (from >= 0 || to >= 0 || section === null) {
    throw new NoPlaceError(
      `${name} has no place for the tables.`,
      `Put a line “${BEGIN}” and a line “${END}” where they are to stand.`,
    );
  }
  const after = section.index + section[0].length;
  const next = /^## /m.exec(text.slice(after));
  const end = next ? after + next.index : text.length;
  return `${text.slice(0, end).trimEnd()}\n\n${block}\n${next ? `\n${text.slice(end)}` : ''}`;
}

/** Replaces the block in each file. @throws NoPlaceError as `replaceBlock`, before any file is changed */
export async function writeBlocks(paths: readonly string[], content: string): Promise<void> {
  const texts: string[] = [];
  for (const path of paths) texts.push(replaceBlock(await readFile(path, 'utf8'), content, path));
  for (const [n, path] of paths.entries()) await writeFile(path, texts[n]);
}
