import { expect, test } from 'vitest';
import { percentile } from '../../../src/learning/inside/percentile.ts';

test('percentiles are those of numpy.percentile', () => {
  const values = Float32Array.of(3, -1, 4, 1, -5, 9, 2, 6);
  const found = [0, 0.25, 0.5, 0.95, 1].map((share) => percentile(values, share));
  for (const [n, expected] of [-5, 0.5, 2.5, 7.95, 9].entries()) expect(found[n]).toBeCloseTo(expected, 6);
  expect([...values]).toEqual([3, -1, 4, 1, -5, 9, 2, 6]);
});

test('one value is every percentile; none has none', () => {
  expect([percentile(Float32Array.of(7), 0.95), percentile(new Float32Array(0), 0.5)]).toEqual([7, Number.NaN]);
});
