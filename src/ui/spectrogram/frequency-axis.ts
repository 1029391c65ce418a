/**
 * How hertz map to height in a spectrogram. `unit` is 0 at the bottom of the axis and 1 at its top. Mel scale: HTK's
 * formula, m = 2595 · log10(1 + f / 700) (O'Shaughnessy 1987).
 */
export type AxisKind = 'linear' | 'log' | 'mel';

/** Lowest frequency of a logarithmic axis, hertz: below the lowest sung note (E2 is 82 Hz). */
export const LOG_LOWEST_HZ = 50;

/** An axis from `lowHz` at the bottom to `highHz` at the top. */
export interface FrequencyAxis {
  readonly kind: AxisKind;
  readonly lowHz: number;
  readonly highHz: number;
}

/** The axis of a spectrogram whose top is `highHz`. */
export function frequencyAxis(kind: AxisKind, highHz: number): FrequencyAxis {
  return { kind, lowHz: kind === 'log' ? Math.min(LOG_LOWEST_HZ, highHz / 2) : 0, highHz };
}

function warp(kind: AxisKind, hz: number): number {
  if (kind === 'log') return Math.log2(Math.max(hz, 1e-3));
  return kind === 'mel' ? 2595 * Math.log10(1 + hz / 700) : hz;
}

function unwarp(kind: AxisKind, value: number): number {
  if (kind === 'log') return 2 ** value;
  return kind === 'mel' ? 700 * (10 ** (value / 2595) - 1) : value;
}

/** Height of a frequency, 0 (bottom) to 1 (top); beyond that outside the axis. */
export function unitOfHz(axis: FrequencyAxis, hz: number): number {
  const low = warp(axis.kind, axis.lowHz);
  return (warp(axis.kind, hz) - low) / (warp(axis.kind, axis.highHz) - low);
}

/** Frequency at a height; the inverse of `unitOfHz`. */
export function hzOfUnit(axis: FrequencyAxis, unit: number): number {
  const low = warp(axis.kind, axis.lowHz);
  return unwarp(axis.kind, low + unit * (warp(axis.kind, axis.highHz) - low));
}

/** The bins of a spectrogram: bin k is centred on firstBinHz + k · binHz. */
export interface BinScale {
  readonly bins: number;
  readonly firstBinHz: number;
  readonly binHz: number;
}

/** The bins of each row of pixels, from top to bottom: row r shows the bins from[r] to to[r] − 1; none above the last. */
export interface RowBins {
  readonly rows: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/**
 * Spreads the bins over `rows` rows of pixels. A row that covers several bins shows all of them (their mean); a row
 * that covers less than one shows the nearest. Rows that lie above all bins are empty.
 */
export function rowBins(axis: FrequencyAxis, rows: number, { bins, firstBinHz, binHz }: BinScale): RowBins {
  const from = new Int32Array(rows);
  const to = new Int32Array(rows);
  const binAt = (hz: number) => (hz - firstBinHz) / binHz;
  const clamp = (bin: number) => Math.min(Math.max(bin, 0), bins - 1);
  for (let row = 0; row < rows; row++) {
    const top = binAt(hzOfUnit(axis, 1 - row / rows));
    const bottom = binAt(hzOfUnit(axis, 1 - (row + 1) / rows));
    if (bottom >= bins) continue;
    // The bins whose centres lie in [bottom, top); if there are none, the one nearest to the middle of the row.
    const first = Math.ceil(bottom);
    const end = Math.ceil(top);
    if (end > first) {
      from[row] = clamp(first);
      to[row] = Math.max(from[row], clamp(end - 1)) + 1;
    } else {
      from[row] = clamp(Math.round((top + bottom) / 2));
      to[row] = from[row] + 1;
    }
  }
  return { rows, from, to };
}

/**
 * Round frequencies to label, in hertz, from low to high.
 *
 * @param spacing Least distance between two of them, as a part of the axis.
 * @param foot Part of the axis at its bottom that stays free.
 */
export function frequencyTicks(axis: FrequencyAxis, spacing: number, foot = 0): number[] {
  const candidates =
    axis.kind === 'linear' ? linearCandidates(axis.highHz, spacing) : [100, 200, 500, 1000, 2000, 4000, 8000, 16_000];
  const ticks: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const hz of candidates) {
    const unit = unitOfHz(axis, hz);
    if (unit < foot || unit > 1 || unit - last < spacing) continue;
    ticks.push(hz);
    last = unit;
  }
  return ticks;
}

function linearCandidates(highHz: number, spacing: number): number[] {
  const step = [250, 500, 1000, 2000, 5000, 10_000].find((s) => s / highHz >= spacing) ?? 20_000;
  const ticks: number[] = [];
  for (let hz = step; hz <= highHz; hz += step) ticks.push(hz);
  return ticks;
}

const NOTE_NAMES = ['C', 'C♯', 'D', 'D♯', 'E', 'F', 'F♯', 'G', 'G♯', 'A', 'A♯', 'B'];

/**
 * The nearest note in twelve-tone equal temperament (A4 = 440 Hz) and the deviation in cents, such as “A4 +12 ¢”; ''
 * for 0 Hz.
 */
export function noteName(hz: number): string {
  if (!(hz > 0)) return '';
  const midi = 69 + 12 * Math.log2(hz / 440);
  const nearest = Math.round(midi);
  if (nearest < 0) return '';
  const cents = Math.round(100 * (midi - nearest));
  const name = `${NOTE_NAMES[nearest % 12]}${Math.floor(nearest / 12) - 1}`;
  if (cents === 0) return name;
  return `${name} ${cents > 0 ? '+' : '−'}${Math.abs(cents)} ¢`;
}

/**
 * The Cs of equal temperament (A4 = 440 Hz) on an axis. Where they crowd, as at the foot of a linear axis, the higher
 * ones stay.
 *
 * @param spacing Least distance between two of them, as a part of the axis.
 */
export function noteTicks(axis: FrequencyAxis, spacing: number): { readonly name: string; readonly hz: number }[] {
  const ticks: { readonly name: string; readonly hz: number }[] = [];
  let last = Number.POSITIVE_INFINITY;
  for (let octave = 10; octave >= 0; octave--) {
    const hz = 440 * 2 ** (octave - 4 - 9 / 12);
    const unit = unitOfHz(axis, hz);
    if (unit < 0 || unit > 1 || last - unit < spacing) continue;
    ticks.unshift({ name: `C${octave}`, hz });
    last = unit;
  }
  return ticks;
}
