import { ParameterError } from '../core/errors.ts';

/**
 * A rule for the mask above the model's band, fitted to songs: a small network from the features of one frame to gains.
 *
 * Features of each band between neighbouring `lowEdges`: the mean of the mask, weighted by the mixture's power, and the
 * band's share of the mixture's power (log10, at least −8). Feature of each band between neighbouring `highEdges`: its
 * share of the power. Then hidden = tanh(w₁·features + b₁) and gains = sigmoid(w₂·hidden + b₂), one gain for each high
 * band, at the band's centre on a logarithmic frequency axis. The gain is interpolated between the centres.
 */
export interface LearntHighBand {
  readonly rule: 'learnt';
  /** Hertz, rising: at least two, within the model's band. */
  readonly lowEdges: readonly number[];
  /** Hertz, rising: at least two, from the model's band upwards. */
  readonly highEdges: readonly number[];
  readonly hidden: { readonly weights: readonly (readonly number[])[]; readonly bias: readonly number[] };
  readonly output: { readonly weights: readonly (readonly number[])[]; readonly bias: readonly number[] };
}

/** The smallest share of power: −80 dB. */
const MIN_SHARE = 1e-8;

/**
 * Writes the gains of a {@link LearntHighBand} into masks of one STFT.
 *
 * @example
 * const highBand = new HighBandGains(rule, { fftSize: 4096, sampleRate: 44100, topHz: 4096 });
 * highBand.fill(mask, power);
 */
export class HighBandGains {
  readonly #rule: LearntHighBand;
  readonly #low: readonly (readonly [number, number])[];
  readonly #high: readonly (readonly [number, number])[];
  readonly #features: Float64Array;
  readonly #hidden: Float64Array;
  readonly #gains: Float64Array;
  /** The first bin above the model's band. */
  readonly #first: number;
  /**
   * For each bin from there, the lower of two neighbouring gains (0: the mask at the band's top), and the upper one's
   * weight.
   */
  readonly #lower: Int32Array;
  readonly #weight: Float64Array;

  /** @throws ParameterError when the rule's sizes do not fit each other */
  constructor(rule: LearntHighBand, stft: { fftSize: number; sampleRate: number; topHz: number }) {
    const { fftSize, sampleRate, topHz } = stft;
    requireSizes(rule);
    this.#rule = rule;
    const bins = fftSize / 2 + 1;
    const binOf = (hz: number) => Math.min(bins, Math.max(0, Math.ceil((hz * fftSize) / sampleRate - 1e-9)));
    const bands = (edges: readonly number[]) =>
      edges.slice(1).map((edge, n) => [binOf(edges[n]), binOf(edge)] as const);
    this.#low = bands(rule.lowEdges);
    this.#high = bands(rule.highEdges);
    this.#features = new Float64Array(2 * this.#low.length + this.#high.length);
    this.#hidden = new Float64Array(rule.hidden.bias.length);
    this.#gains = new Float64Array(this.#high.length + 1);
    this.#first = Math.min(bins, Math.floor((topHz * fftSize) / sampleRate) + 1);
    this.#lower = new Int32Array(bins - this.#first);
    this.#weight = new Float64Array(bins - this.#first);
    const points = [topHz, ...rule.highEdges.slice(1).map((edge, n) => Math.sqrt(edge * rule.highEdges[n]))];
    for (let n = 0; n < this.#lower.length; n++) {
      const hz = ((this.#first + n) * sampleRate) / fftSize;
      const above = points.findIndex((point) => point > hz);
      const upper = above < 0 ? points.length - 1 : Math.max(1, above);
      this.#lower[n] = upper - 1;
      const [a, b] = [points[upper - 1], points[upper]];
      this.#weight[n] = Math.min(1, Math.max(0, Math.log(hz / a) / Math.log(b / a)));
    }
  }

  /**
   * Writes the bins above the model's band of one frame's mask. Allocates nothing.
   *
   * @param mask values of all bins; the model's band is read, the bins above are written
   * @param power the mixture's power in each bin
   */
  fill(mask: Float32Array, power: Float32Array): void {
    if (this.#first >= mask.length) return;
    this.#measure(mask, power);
    const { hidden, output } = this.#rule;
    const gains = this.#gains;
    for (let n = 0; n < this.#hidden.length; n++) {
      this.#hidden[n] = Math.tanh(dot(hidden.weights[n], this.#features) + hidden.bias[n]);
    }
    gains[0] = mask[this.#first - 1];
    for (let n = 0; n < output.bias.length; n++) {
      gains[n + 1] = 1 / (1 + Math.exp(-dot(output.weights[n], this.#hidden) - output.bias[n]));
    }
    for (let n = 0, bin = this.#first; bin < mask.length; n++, bin++) {
      const lower = this.#lower[n];
      mask[bin] = gains[lower] + this.#weight[n] * (gains[lower + 1] - gains[lower]);
    }
  }

  #measure(mask: Float32Array, power: Float32Array): void {
    const features = this.#features;
    const total = 1e-30 + sumOf(power, 0, power.length);
    const share = (sum: number) => Math.log10(Math.max(MIN_SHARE, sum / total));
    let to = 0;
    for (const [first, end] of this.#low) {
      let sum = 0;
      let masked = 0;
      for (let bin = first; bin < end; bin++) {
        sum += power[bin];
        masked += mask[bin] * power[bin];
      }
      features[to++] = masked / (sum + MIN_SHARE * total);
      features[to++] = share(sum);
    }
    for (const [first, end] of this.#high) {
      features[to++] = share(sumOf(power, first, end));
    }
  }
}

function sumOf(values: Float32Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i];
  return sum;
}

function dot(weights: readonly number[], values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += weights[i] * values[i];
  return sum;
}

function requireSizes({ lowEdges, highEdges, hidden, output }: LearntHighBand): void {
  const inputs = 2 * (lowEdges.length - 1) + highEdges.length - 1;
  const rising = [lowEdges, highEdges].every(
    (edges) => edges.length > 1 && edges.every((e, n) => !n || e > edges[n - 1]),
  );
  const fits =
    rising &&
    hidden.weights.length === hidden.bias.length &&
    hidden.weights.every((row) => row.length === inputs) &&
    output.weights.length === output.bias.length &&
    output.bias.length === highEdges.length - 1 &&
    output.weights.every((row) => row.length === hidden.bias.length);
  if (!fits) {
    throw new ParameterError('filter.high-band', { low: lowEdges.length - 1, high: highEdges.length - 1, inputs });
  }
}
