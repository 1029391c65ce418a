import type { SeparationOptions } from '../../src/separation/types.ts';
import type { Measures, Scores } from './evaluate-measure.ts';
import { type Summary, summarise } from './evaluate-summary.ts';
import {
  furtherTables,
  type MethodColumn,
  makeTable,
  sdrTable,
  type Table,
  type TableContent,
} from './evaluate-table.ts';

/** One song that was measured. */
export interface SongResult extends Scores {
  readonly path: string;
  readonly set: string;
  /** The measured part of it. */
  readonly seconds: number;
  readonly sampleRate: number;
  readonly channels: number;
  readonly notes: readonly string[];
}

/** One song that could not be measured. */
export interface SongFailure {
  readonly path: string;
  readonly set: string;
  readonly error: string;
}

/** All results of an evaluation, as written by --json. */
export interface Report {
  readonly models: readonly { readonly id: string; readonly title: string }[];
  /** The methods, in the order of the tables. */
  readonly methods: readonly (MethodColumn & { readonly about: string })[];
  readonly data: string;
  readonly options: {
    /** null means whole songs. */
    readonly seconds: number | null;
    readonly bss: boolean;
    readonly separation: SeparationOptions;
    readonly idealRatioMask: { readonly fftSize: number; readonly hop: number; readonly alpha: number };
  };
  readonly songs: readonly SongResult[];
  readonly failures: readonly SongFailure[];
  readonly sets: Readonly<Record<string, Summary>>;
  /** null where no song could be measured. */
  readonly all: Summary | null;
}

/** Makes the report with its means and medians. */
export function makeReport(report: Omit<Report, 'sets' | 'all'>): Report {
  const { songs } = report;
  const sets = [...new Set(songs.map((song) => song.set))].map(
    (set) => [set, summarise(songs.filter((song) => song.set === set))] as const,
  );
  return { ...report, sets: Object.fromEntries(sets), all: songs.length > 0 ? summarise(songs) : null };
}

/** JSON has no NaN and no infinity: undefined values are null, an estimate that equals the stem has "Infinity". */
export function toJson(report: Report): string {
  const plain = (_: string, value: unknown): unknown =>
    typeof value !== 'number' || Number.isFinite(value) ? value : Number.isNaN(value) ? null : String(value);
  return `${JSON.stringify(report, plain, 2)}\n`;
}

/** The first table. Its rows are printed as songs finish. */
export function openTable(
  methods: readonly MethodColumn[],
  songs: readonly { readonly path: string; readonly set: string }[],
): Table {
  return makeTable(sdrTable(methods), labels(songs));
}

/** The text after the rows of the first table: its means, and the other tables. */
export function closeTables(report: Report, first: Table): string {
  const { songs } = report;
  if (songs.length === 0) return 'No song could be measured.';
  const further = furtherTables(report.methods, report.options.bss).map((content) => wholeTable(content, report));
  const parts = [summaryRows(first, report), ...further];
  const shown = songs.flatMap((song) => [song.vocals, song.accompaniment]).flatMap((target) => Object.values(target));
  if (shown.some((measures: Measures) => Object.values(measures).some((value) => !Number.isFinite(value)))) {
    parts.push(
      '– and ∞: a stem is silent there, so the ratio is not defined, or nothing is to be taken away.\n' +
        'Means and medians over songs leave such a song out, for that stem and measure.',
    );
  }
  const legend = report.methods.map(({ title, about }) => `${title}: ${about}.`).join('\n');
  return `${parts.join('\n\n')}\n\n${legend}`;
}

function wholeTable(content: TableContent, report: Report): string {
  const table = makeTable(content, labels(report.songs));
  const rows = report.songs.map((song) => table.row(song.path, song, song.seconds));
  return [table.head, ...rows, summaryRows(table, report)].join('\n');
}

function summaryRows(table: Table, { sets, all }: Report): string {
  if (all === null) return '';
  const of = ([set, { songs, mean }]: readonly [string, Summary]) => table.row(summaryLabel('mean', set, songs), mean);
  const bySet = Object.entries(sets);
  return [
    table.rule,
    ...(bySet.length > 1 ? bySet.map(of) : []),
    of(['all', all]),
    table.row(summaryLabel('median', 'all', all.songs), all.median),
  ].join('\n');
}

function labels(songs: readonly { readonly path: string; readonly set: string }[]): string[] {
  const sets = [...new Set(songs.map((song) => song.set))];
  const ends = [...sets, 'all'].map((set) => summaryLabel('median', set, songs.length));
  return [...songs.map((song) => song.path), ...ends];
}

function summaryLabel(kind: 'mean' | 'median', set: string, songs: number): string {
  return `${kind} of ${set}, ${songs} ${songs === 1 ? 'song' : 'songs'}`;
}
