import FFT from 'fft.js';
import { doubles } from '../dsp/doubles.ts';

/** Half the spectrum of a real signal, in the order of fft.js: real and imaginary parts alternating, bins 0 to N/2. */
type HalfSpectrum = Float64Array;

function blockSize(taps: number, factor: number): number {
  return factor * 2 ** Math.max(1, Math.ceil(Math.log2(taps)));
}

/** Copies samples to the front of `block`, and zeros after them. */
function load(block: number[], samples: Float32Array | Float64Array): void {
  for (let n = 0; n < samples.length; n++) block[n] = samples[n];
  for (let n = samples.length; n < block.length; n++) block[n] = 0;
}

/**
 * Correlates every `a` with every `b`: R[i][j][k] = Σₙ aᵢ[n]·bⱼ[n + k] for k = 0 … lags − 1. Signals are zero beyond
 * their ends. Computed by blocks in the frequency domain, so that memory does not grow with the signals.
 */
export function correlate(a: readonly Float32Array[], b: readonly Float32Array[], lags: number): Float64Array[][] {
  const size = blockSize(lags, 16);
  const step = size - lags + 1;
  const fft = new FFT(size);
  const block = doubles(size);
  const spectrum = doubles(2 * size);
  const values = size + 2;
  const halves = (count: number) => Array.from({ length: count }, () => new Float64Array(values));
  const aSpectra = halves(a.length);
  const bSpectra = halves(b.length);
  const products = a.map(() => halves(b.length));
  const transform = (samples: Float32Array, out: HalfSpectrum) => {
    load(block, samples);
    fft.realTransform(spectrum, block);
    for (let i = 0; i < values; i++) out[i] = spectrum[i];
  };
  const samples = Math.max(0, ...a.map((signal) => signal.length));
  for (let from = 0; from < samples; from += step) {
    a.forEach((signal, i) => {
      transform(signal.subarray(from, from + step), aSpectra[i]);
    });
    b.forEach((signal, j) => {
      transform(signal.subarray(from, from + size), bSpectra[j]);
    });
    for (let i = 0; i < a.length; i++) {
      for (let j = 0; j < b.length; j++) addProduct(products[i][j], aSpectra[i], bSpectra[j], -1);
    }
  }
  const time = doubles(2 * size);
  return products.map((row) =>
    row.map((product) => {
      for (let i = 0; i < values; i++) spectrum[i] = product[i];
      fft.completeSpectrum(spectrum);
      fft.inverseTransform(time, spectrum);
      return Float64Array.from({ length: lags }, (_, k) => time[2 * k]);
    }),
  );
}

/** Adds a·b to `sum`, or a*·b (the conjugate) when `sign` is −1. */
function addProduct(sum: HalfSpectrum, a: HalfSpectrum, b: HalfSpectrum, sign: 1 | -1): void {
  for (let i = 0; i < sum.length; i += 2) {
    const aRe = a[i];
    const aIm = sign * a[i + 1];
    sum[i] += aRe * b[i] - aIm * b[i + 1];
    sum[i + 1] += aRe * b[i + 1] + aIm * b[i];
  }
}

/**
 * A bank of FIR filters from several inputs to several outputs, out[c] = Σᵢ filters[i][c] ∗ in[i]. Filters by
 * overlap-add in the frequency domain.
 */
export class FilterBank {
  readonly #taps: number;
  readonly #size: number;
  readonly #fft: FFT;
  readonly #filters: readonly (readonly HalfSpectrum[])[];
  readonly #block: number[];
  readonly #spectrum: number[];
  readonly #time: number[];
  readonly #inputs: readonly HalfSpectrum[];
  readonly #sum: HalfSpectrum;

  /** @param filters filters[input][output], all with the same number of taps */
  constructor(filters: readonly (readonly Float64Array[])[]) {
    this.#taps = filters[0][0].length;
    this.#size = blockSize(this.#taps, 8);
    this.#fft = new FFT(this.#size);
    this.#block = doubles(this.#size);
    this.#spectrum = doubles(2 * this.#size);
    this.#time = doubles(2 * this.#size);
    this.#inputs = filters.map(() => new Float64Array(this.#size + 2));
    this.#sum = new Float64Array(this.#size + 2);
    this.#filters = filters.map((outputs) => outputs.map((taps) => this.#transform(taps)));
  }

  /**
   * Filters samples [from, to) of the inputs, as if the inputs were silent before and after.
   *
   * @returns for each output, to − from + taps − 1 samples
   */
  apply(inputs: readonly Float32Array[], from: number, to: number): Float64Array[] {
    const length = to - from + this.#taps - 1;
    const outputs = this.#filters[0].map(() => new Float64Array(length));
    const step = this.#size - this.#taps + 1;
    for (let at = from; at < to; at += step) {
      inputs.forEach((signal, i) => {
        this.#transform(signal.subarray(at, Math.min(at + step, to)), this.#inputs[i]);
      });
      for (let c = 0; c < outputs.length; c++) {
        this.#sum.fill(0);
        for (let i = 0; i < inputs.length; i++) addProduct(this.#sum, this.#inputs[i], this.#filters[i][c], 1);
        this.#addInverse(outputs[c], at - from);
      }
    }
    return outputs;
  }

  #transform(samples: Float32Array | Float64Array, out: HalfSpectrum = new Float64Array(this.#size + 2)): HalfSpectrum {
    load(this.#block, samples);
    this.#fft.realTransform(this.#spectrum, this.#block);
    for (let i = 0; i < out.length; i++) out[i] = this.#spectrum[i];
    return out;
  }

  #addInverse(output: Float64Array, offset: number): void {
    for (let i = 0; i < this.#sum.length; i++) this.#spectrum[i] = this.#sum[i];
    this.#fft.completeSpectrum(this.#spectrum);
    this.#fft.inverseTransform(this.#time, this.#spectrum);
    const count = Math.min(this.#size, output.length - offset);
    for (let n = 0; n < count; n++) output[offset + n] += this.#time[2 * n];
  }
}
