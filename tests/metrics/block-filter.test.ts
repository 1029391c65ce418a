import { describe, expect, it } from 'vitest';
import { correlate, FilterBank } from '../../src/metrics/block-filter.ts';
import { greatestDifference, noise } from '../dsp/noise.ts';

describe('correlate', () => {
  it.each([
    [300, 8],
    [5, 8],
    [1000, 1],
  ])('matches the sum of products: %i samples, %i lags', (length, lags) => {
    const a = [noise(1, length), noise(2, length)];
    const b = [noise(3, length)];
    const correlations = correlate(a, b, lags);
    a.forEach((x, i) => {
      const expected = Array.from({ length: lags }, (_, k) => x.reduce((sum, v, n) => sum + v * (b[0][n + k] ?? 0), 0));
      expect(greatestDifference(correlations[i][0], expected)).toBeLessThan(1e-10);
    });
  });
});

describe('FilterBank', () => {
  it.each([
    [0, 400],
    [37, 350],
    [100, 103],
  ])('matches direct convolution of samples %i to %i', (from, to) => {
    const inputs = [noise(1, 400), noise(2, 400)];
    const filters = [3, 4].map((seed) => [0, 10].map((more) => Float64Array.from(noise(seed + more, 5))));
    const outputs = new FilterBank(filters).apply(inputs, from, to);
    outputs.forEach((output, c) => {
      const expected = new Array(to - from + 4).fill(0);
      inputs.forEach((x, i) => {
        filters[i][c].forEach((tap, k) => {
          for (let n = from; n < to; n++) expected[n - from + k] += tap * x[n];
        });
      });
      expect(greatestDifference(output, expected)).toBeLessThan(1e-12);
    });
  });
});
