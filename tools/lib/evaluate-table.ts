import stringWidth from 'string-width';
import type { Measure, Scores, Target } from './evaluate-measure.ts';
import type { Method } from './evaluate-methods.ts';
import { clock } from './progress.ts';

interface Column {
  readonly title: string;
  readonly target: Target;
  /** Its key in the scores. */
  readonly method: string;
  readonly measure: Measure;
}

/** A table: groups of columns, and a row for each song. */
export interface TableContent {
  readonly title: string;
  readonly groups: readonly { readonly title: string; readonly columns: readonly Column[] }[];
}

/** The facts of a method that a table needs: see evaluate-methods.ts. */
export type MethodColumn = Pick<Method, 'key' | 'title' | 'bss'>;

/** SDR of the whole song. */
export function sdrTable(methods: readonly MethodColumn[]): TableContent {
  return tableOf('SDR of the whole song, dB', 'sdr', methods);
}

/** The tables after that of the SDRs. */
export function furtherTables(methods: readonly MethodColumn[], bss: boolean): TableContent[] {
  const frames = tableOf('SDR, median over frames of 1 s, dB', 'framewiseSdr', methods);
  return bss ? [frames, bssTable('vocals', methods), bssTable('accompaniment', methods)] : [frames];
}

function tableOf(title: string, measure: Measure, methods: readonly MethodColumn[]): TableContent {
  const group = (target: Target) => ({
    title: target,
    columns: methods.map((method) => ({ title: method.title, target, method: method.key, measure })),
  });
  return { title, groups: [group('vocals'), group('accompaniment')] };
}

/** The measures of BSS Eval and their titles. */
export const BSS_MEASURES = [
  ['bssSdr', 'SDR'],
  ['bssIsr', 'ISR'],
  ['bssSir', 'SIR'],
  ['bssSar', 'SAR'],
] as const;

function bssTable(target: Target, methods: readonly MethodColumn[]): TableContent {
  const group = (method: MethodColumn) => ({
    title: method.title,
    columns: BSS_MEASURES.map(([measure, title]) => ({ title, target, method: method.key, measure })),
  });
  return {
    title: `BSS Eval v4 of the ${target}, medians over frames of 1 s, dB`,
    groups: methods.filter((method) => method.bss).map(group),
  };
}

/** Lines of a table in aligned plain text, one at a time, so that rows can be printed as soon as they are known. */
export interface Table {
  /** Title and headings of the columns. */
  readonly head: string;
  readonly rule: string;
  /** @param seconds length of the song; undefined for a row of means */
  row(label: string, scores: Scores, seconds?: number): string;
}

const GAP = '   ';
/** Minimum width of a column; a longer title widens all columns. */
const COLUMN = 8;
const LENGTH = 7;

/**
 * @param labels of all rows; they set the width of the first column. Wide characters (Chinese, Japanese) count as two
 */
export function makeTable({ title, groups }: TableContent, labels: readonly string[]): Table {
  const width = Math.max(4, ...labels.map((label) => stringWidth(label)));
  const titles = groups.flatMap((group) => group.columns.map((one) => one.title));
  const column = Math.max(COLUMN, ...titles.map((text) => text.length + 2));
  const line = (label: string, length: string, cells: readonly (readonly string[])[]): string => {
    const numbers = cells.map((group) => GAP + group.map((cell) => cell.padStart(column)).join(''));
    return `${label}${' '.repeat(width - stringWidth(label))}${length.padStart(LENGTH)}${numbers.join('')}`;
  };
  const over = groups.map((group) => GAP + centre(group.title, column * group.columns.length));
  const heads = line(
    'song',
    'length',
    groups.map((group) => group.columns.map((one) => one.title)),
  );
  return {
    head: [title, `${' '.repeat(width + LENGTH)}${over.join('')}`, heads].join('\n'),
    rule: '─'.repeat(stringWidth(heads)),
    row: (label, scores, seconds) =>
      line(
        label,
        seconds === undefined ? '' : clock(seconds),
        groups.map((group) =>
          group.columns.map(({ target, method, measure }) => decibels(scores[target][method]?.[measure])),
        ),
      ),
  };
}

/** Two decimals; a dash where there is no value, ∞ for an estimate that equals the stem. */
export function decibels(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '-∞';
  return value.toFixed(2).replace(/^-(0\.00)$/, '$1');
}

/** The group's title between lines, above its columns. */
function centre(text: string, width: number): string {
  const lines = width - 2 - text.length - 2;
  return `  ${'─'.repeat(Math.floor(lines / 2))} ${text} ${'─'.repeat(Math.ceil(lines / 2))}`;
}
