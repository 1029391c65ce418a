import { describe, expect, it } from 'vitest';
import { choleskyFactor, choleskySolve } from '../../src/metrics/cholesky.ts';
import { noise } from '../dsp/noise.ts';

/** B·Bᵀ of a random n × columns matrix: positive (semi-)definite. */
function gram(n: number, columns: number): Float64Array {
  const b = noise(n, n * columns);
  return new Float64Array(n * n).map((_, index) => {
    const [i, j] = [Math.floor(index / n), index % n];
    let sum = 0;
    for (let k = 0; k < columns; k++) sum += b[i * columns + k] * b[j * columns + k];
    return sum;
  });
}

function residual(matrix: Float64Array, n: number, x: Float64Array, right: Float64Array): number {
  let greatest = 0;
  for (let i = 0; i < n; i++) {
    let sum = -right[i];
    for (let j = 0; j < n; j++) sum += matrix[i * n + j] * x[j];
    greatest = Math.max(greatest, Math.abs(sum));
  }
  return greatest;
}

describe('the Cholesky solver', () => {
  it.each([1, 2, 3, 4, 5, 7, 8, 33])('solves %i equations', (n) => {
    const matrix = gram(n, n + 4);
    const right = Float64Array.from(noise(7, n));
    const [factor, x] = [matrix.slice(), right.slice()];
    choleskyFactor(factor, n);
    choleskySolve(factor, n, x);
    expect(residual(matrix, n, x, right)).toBeLessThan(1e-9);
  });

  it('solves equations in which every variable occurs twice', () => {
    const [n, rank] = [12, 6];
    const once = gram(rank, rank + 4);
    const matrix = new Float64Array(n * n).map((_, i) => once[(Math.floor(i / n) % rank) * rank + ((i % n) % rank)]);
    const right = Float64Array.from(noise(9, n), (_, i) => noise(9, n)[i % rank]);
    const [factor, x] = [matrix.slice(), right.slice()];
    choleskyFactor(factor, n);
    choleskySolve(factor, n, x);
    expect([...x.slice(rank)]).toEqual(new Array(rank).fill(0));
    expect(residual(matrix, n, x, right)).toBeLessThan(1e-9);
  });

  it('returns zeros for the zero matrix of silence', () => {
    const factor = new Float64Array(9);
    const x = Float64Array.of(0, 0, 0);
    choleskyFactor(factor, 3);
    choleskySolve(factor, 3, x);
    expect([...x]).toEqual([0, 0, 0]);
  });
});
