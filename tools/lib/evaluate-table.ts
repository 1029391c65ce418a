import stringWidth from 'string-width';
import type { Measure, Method, Scores, Target } from './evaluate-measure.ts';
import { clock } from './progress.ts';

interface Column {
  readonly title: string;
  readonly target: Target;
  readonly method: Method;
  readonly measure: Measure;
}

/** What a table shows: columns in groups, one row a song. */
export interface TableContent {
  readonly title: string;
  readonly groups: readonly { readonly title: string; readonly columns: readonly Column[] }[];
}

const TITLES: Readonly<Record<Method, string>> = { mixture: 'mixture', model: 'model', idealRatioMask: 'ideal' };

/** SDR of the whole song, of the unprocessed mixture, the model and the ideal ratio mask. */
export const SDR_TABLE = sdrTable('SDR of the whole song, dB', 'sdr');

const FRAMES_TABLE = sdrTable('SDR, median over frames of 1 s, dB', 'framewiseSdr');

/** What follows the table of SDRs. */
export function furtherTables(bss: boolean): TableContent[] {
  return bss ? [FRAMES_TABLE, bssTable('vocals'), bssTable('accompaniment')] : [FRAMES_TABLE];
}

function sdrTable(title: string, measure: Measure): TableContent {
  const group = (target: Target) => ({
    title: target,
    columns: (['mixture', 'model', 'idealRatioMask'] as const).map((method) => ({
      title: TITLES[method],
      target,
      method,
      measure,
    })),
  });
  return { title, groups: [group('vocals'), group('accompaniment')] };
}

function bssTable(target: Target): TableContent {
  const group = (method: Method) => ({
    title: TITLES[method],
    columns: (['bssSdr', 'bssIsr', 'bssSir', 'bssSar'] as const).map((measure) => ({
      title: measure.slice(3).toUpperCase(),
      target,
      method,
      measure,
    })),
  });
  return {
    title: `BSS Eval v4 of the ${target}, medians over frames of 1 s, dB`,
    groups: [group('mixture'), group('model')],
  };
}

/** Lines of a table in aligned plain text, one at a time: so rows can be printed as soon as they are known. */
export interface Table {
  /** Title and heads of the columns. */
  readonly head: string;
  readonly rule: string;
  /** @param seconds length of the song; none for a row of means */
  row(label: string, scores: Scores, seconds?: number): string;
}

const GAP = '   ';
const COLUMN = 8;
const LENGTH = 7;

/**
 * @param labels those of all rows to come, which set the width of the first column; wide characters (Chinese, Japanese)
 *   count as two
 */
export function makeTable({ title, groups }: TableContent, labels: readonly string[]): Table {
  const width = Math.max(4, ...labels.map((label) => stringWidth(label)));
  const line = (label: string, length: string, cells: readonly (readonly string[])[]): string => {
    const numbers = cells.map((group) => GAP + group.map((cell) => cell.padStart(COLUMN)).join(''));
    return `${label}${' '.repeat(width - stringWidth(label))}${length.padStart(LENGTH)}${numbers.join('')}`;
  };
  const over = groups.map((group) => GAP + centre(group.title, COLUMN * group.columns.length));
  const heads = line(
    'song',
    'length',
    groups.map((group) => group.columns.map((column) => column.title)),
  );
  return {
    head: [title, `${' '.repeat(width + LENGTH)}${over.join('')}`, heads].join('\n'),
    rule: '─'.repeat(stringWidth(heads)),
    row: (label, scores, seconds) =>
      line(
        label,
        seconds === undefined ? '' : clock(seconds),
        groups.map((group) =>
          group.columns.map(({ target, method, measure }) => decibels(scores[target][method][measure])),
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

/** The text between lines, over the columns that belong to it. */
function centre(text: string, width: number): string {
  const lines = width - 2 - text.length - 2;
  return `  ${'─'.repeat(Math.floor(lines / 2))} ${text} ${'─'.repeat(Math.ceil(lines / 2))}`;
}
