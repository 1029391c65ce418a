import { ParameterError } from '../core/errors.ts';
import { correlate, FilterBank } from './block-filter.ts';
import { choleskyFactor, choleskySolve } from './cholesky.ts';
import { type Channels, requireSameShape } from './sdr.ts';

export interface BssEvalOptions {
  /**
   * Samples of a frame. Default: one second. With a window of the sound's length or more, the whole sound is one frame.
   */
  readonly window?: number;
  /** Samples from frame to frame. Default: one second. */
  readonly hop?: number;
  /** Taps of the distortion filters. Default: 512. */
  readonly filterLength?: number;
}

/** The metrics of one source in decibels, one value for each frame; NaN where undefined. */
export interface BssEvalResult {
  /** Source to distortion ratio: every difference from the source counts. */
  readonly sdr: Float64Array;
  /** Image to spatial distortion ratio: filtering and panning of the source count. */
  readonly isr: Float64Array;
  /** Source to interference ratio: components that are filtered other sources count. */
  readonly sir: Float64Array;
  /** Source to artefacts ratio: components that are no filtered source count. */
  readonly sar: Float64Array;
}

/**
 * Computes BSS Eval version 4: SDR, ISR, SIR and SAR of the source images, like museval (`museval.metrics.bss_eval`,
 * mode v4). The distortion filters are fitted once on the whole sound; sources are not permuted. Vincent, Gribonval &
 * Févotte 2006, "Performance measurement in blind audio source separation"; Stöter, Liutkus & Ito 2018, "The 2018
 * signal separation evaluation campaign".
 *
 * A frame is NaN for all sources when any reference or estimate is silent in it: its channels sum to zero throughout,
 * as in museval. So every frame is NaN when a source is silent throughout, which museval rejects. A ratio whose
 * denominator is exactly 0 is Infinity.
 *
 * @param references the true sources, each with the same channels and length
 * @param estimates the separated sources, in the same order
 * @param sampleRate hertz; only the defaults of `window` and `hop` depend on it
 * @returns one result for each source
 * @throws ParameterError when shapes differ or an option is out of range
 * @example
 * const [vocals, accompaniment] = bssEval([v, a], [estimatedV, estimatedA], 44100);
 * median(vocals.sdr);
 */
export function bssEval(
  references: readonly Channels[],
  estimates: readonly Channels[],
  sampleRate: number,
  options: BssEvalOptions = {},
): BssEvalResult[] {
  const { window = Math.round(sampleRate), hop = Math.round(sampleRate), filterLength = 512 } = options;
  if (!(window >= 1) || !(hop >= 1) || !Number.isInteger(filterLength) || filterLength < 1) {
    throw new ParameterError('metrics.bss-frames', { window, hop, filterLength });
  }
  if (references.length === 0 || references.length !== estimates.length) {
    throw new ParameterError('metrics.sources', { references: references.length, estimates: estimates.length });
  }
  for (const sound of [...references.slice(1), ...estimates]) requireSameShape(references[0], sound);

  const samples = references[0][0]?.length ?? 0;
  const frames = samples === 0 ? 0 : window < samples ? Math.floor((samples - window + hop) / hop) : 1;
  const results = references.map(() => ({
    sdr: new Float64Array(frames).fill(Number.NaN),
    isr: new Float64Array(frames).fill(Number.NaN),
    sir: new Float64Array(frames).fill(Number.NaN),
    sar: new Float64Array(frames).fill(Number.NaN),
  }));
  const sounds = [...references, ...estimates];
  if (frames === 0 || sounds.some((sound) => isSilent(sound, 0, samples))) return results;

  const { all, own } = fitFilters(references, estimates, filterLength);
  for (let frame = 0; frame < frames; frame++) {
    const start = frame === 0 ? 0 : frame * hop;
    const from = Math.floor(start);
    const to = Math.floor(Math.min(start + window, samples));
    if (sounds.some((sound) => isSilent(sound, from, to))) continue;
    for (let source = 0; source < references.length; source++) {
      const onSource = own[source].apply(references[source], from, to);
      const onAll = all[source].apply(references.flat(), from, to);
      const energies = decompose({
        reference: references[source].map((channel) => channel.subarray(from, to)),
        estimate: estimates[source].map((channel) => channel.subarray(from, to)),
        onSource,
        onAll,
      });
      results[source].sdr[frame] = decibels(energies.source, energies.distortion);
      results[source].isr[frame] = decibels(energies.source, energies.spatial);
      results[source].sir[frame] = decibels(energies.onSource, energies.interference);
      results[source].sar[frame] = decibels(energies.onAll, energies.artefacts);
    }
  }
  return results;
}

function isSilent(sound: Channels, from: number, to: number): boolean {
  for (let n = from; n < to; n++) {
    let sum = 0;
    for (const channel of sound) sum += channel[n];
    if (sum !== 0) return false;
  }
  return true;
}

/**
 * Fits, for each estimate, the filters that project it on its own source (`own`) and on all sources (`all`): the
 * least-squares solution of the normal equations over delays of 0 to taps − 1 samples.
 */
function fitFilters(
  references: readonly Channels[],
  estimates: readonly Channels[],
  taps: number,
): { readonly all: FilterBank[]; readonly own: FilterBank[] } {
  const channels = references[0].length;
  const inputs = references.flat();
  const correlations = correlate(inputs, [...inputs, ...estimates.flat()], taps);
  const project = (first: number, count: number, source: number): FilterBank => {
    const n = count * taps;
    const columns = estimates[source].map((_, c) => {
      const column = new Float64Array(n);
      const estimate = inputs.length + source * channels + c;
      for (let i = 0; i < count; i++) column.set(correlations[first + i][estimate], i * taps);
      return column;
    });
    for (const column of columns) choleskySolve(factor(first, count), n, column);
    return new FilterBank(
      Array.from({ length: count }, (_, i) => columns.map((column) => column.slice(i * taps, (i + 1) * taps))),
    );
  };
  // The sources' own equations are freed before the large ones are set up.
  let cached: { readonly key: string; readonly matrix: Float64Array } | undefined;
  const factor = (first: number, count: number): Float64Array => {
    const key = `${first}+${count}`;
    if (cached?.key !== key) {
      const matrix = normalEquations(correlations, first, count, taps);
      choleskyFactor(matrix, count * taps);
      cached = { key, matrix };
    }
    return cached.matrix;
  };
  const own = references.map((_, source) => project(source * channels, channels, source));
  const all = references.map((_, source) => project(0, inputs.length, source));
  return { own, all };
}

/**
 * Inner products of all delayed inputs `first` … `first + count − 1`: blocks of Toeplitz matrices, lower triangle. The
 * diagonal is raised by 1e-12 of itself, which is white noise 120 dB down. Where a source has emptier bands (pure
 * tones, resampled sound), museval's filters follow rounding errors, and its SIR and SAR are meaningless; these are
 * closer to the truth. Elsewhere the second decimal does not change.
 */
function normalEquations(
  correlations: readonly (readonly Float64Array[])[],
  first: number,
  count: number,
  taps: number,
): Float64Array {
  const n = count * taps;
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      const forwards = correlations[first + i][first + j];
      const backwards = correlations[first + j][first + i];
      for (let a = 0; a < taps; a++) {
        const row = (i * taps + a) * n + j * taps;
        for (let b = 0; b < taps; b++) matrix[row + b] = a >= b ? forwards[a - b] : backwards[b - a];
        if (i === j) matrix[row + a] *= 1 + 1e-12;
      }
    }
  }
  return matrix;
}

/** One frame of a source: the true and the estimated sound, and the estimate's projections with the filters' tails. */
interface FrameProjections {
  readonly reference: Channels;
  readonly estimate: Channels;
  /** On the source itself. */
  readonly onSource: readonly Float64Array[];
  /** On all sources. */
  readonly onAll: readonly Float64Array[];
}

/** Energies of the components of an estimate, over a frame and the filters' tails after it. */
function decompose({ reference, estimate, onSource, onAll }: FrameProjections) {
  const sum = { source: 0, distortion: 0, spatial: 0, interference: 0, artefacts: 0, onSource: 0, onAll: 0 };
  for (let c = 0; c < reference.length; c++) {
    for (let n = 0; n < onAll[c].length; n++) {
      const inside = n < reference[c].length;
      const s = inside ? reference[c][n] : 0;
      const e = inside ? estimate[c][n] : 0;
      const own = onSource[c][n];
      const all = onAll[c][n];
      sum.source += s * s;
      sum.distortion += (e - s) ** 2;
      sum.spatial += (own - s) ** 2;
      sum.interference += (all - own) ** 2;
      sum.artefacts += (e - all) ** 2;
      sum.onSource += own * own;
      sum.onAll += all * all;
    }
  }
  return sum;
}

function decibels(numerator: number, denominator: number): number {
  return denominator === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10(numerator / denominator);
}
