/**
 * Computes the Cholesky factor L of a symmetric positive semi-definite matrix A = L·Lᵀ, in place.
 *
 * A variable that depends on earlier ones has a pivot under 1e-14 of its diagonal: a silent channel, or a copy of
 * another channel. It gets a zero row and column, so that {@link choleskySolve} sets it to 0. The fitted signal does
 * not depend on which of the equivalent variables is used.
 *
 * @param matrix n × n values, row by row; the lower triangle is read and overwritten by L
 */
export function choleskyFactor(matrix: Float64Array, n: number): void {
  for (let i = 0; i < n; i += 4) {
    const rows = Math.min(4, n - i);
    if (rows === 4) eliminateFourRows(matrix, n, i);
    else for (let row = i; row < n; row++) eliminateRow(matrix, n, row, 0, i);
    for (let row = i; row < i + rows; row++) {
      eliminateRow(matrix, n, row, i, row);
      const diagonal = matrix[row * n + row];
      let pivot = diagonal;
      for (let k = 0; k < row; k++) pivot -= matrix[row * n + k] ** 2;
      matrix[row * n + row] = pivot > 1e-14 * diagonal ? Math.sqrt(pivot) : 0;
    }
  }
}

/** Computes L[row, j] for j in [from, to). The columns before `from` are done. */
function eliminateRow(matrix: Float64Array, n: number, row: number, from: number, to: number): void {
  const a = row * n;
  for (let j = from; j < to; j++) {
    const b = j * n;
    let sum = matrix[a + j];
    for (let k = 0; k < j; k++) sum -= matrix[a + k] * matrix[b + k];
    matrix[a + j] = matrix[b + j] > 0 ? sum / matrix[b + j] : 0;
  }
}

/** Computes rows i to i + 3 for the columns before i. Four rows at once read each row above a quarter as often. */
function eliminateFourRows(matrix: Float64Array, n: number, i: number): void {
  const a0 = i * n;
  const a1 = a0 + n;
  const a2 = a1 + n;
  const a3 = a2 + n;
  for (let j = 0; j < i; j++) {
    const b = j * n;
    let s0 = matrix[a0 + j];
    let s1 = matrix[a1 + j];
    let s2 = matrix[a2 + j];
    let s3 = matrix[a3 + j];
    for (let k = 0; k < j; k++) {
      const value = matrix[b + k];
      s0 -= matrix[a0 + k] * value;
      s1 -= matrix[a1 + k] * value;
      s2 -= matrix[a2 + k] * value;
      s3 -= matrix[a3 + k] * value;
    }
    const reciprocal = matrix[b + j] > 0 ? 1 / matrix[b + j] : 0;
    matrix[a0 + j] = s0 * reciprocal;
    matrix[a1 + j] = s1 * reciprocal;
    matrix[a2 + j] = s2 * reciprocal;
    matrix[a3 + j] = s3 * reciprocal;
  }
}

/**
 * Solves L·Lᵀ·x = b.
 *
 * @param factor n × n values from {@link choleskyFactor}
 * @param b n values, overwritten by x
 */
export function choleskySolve(factor: Float64Array, n: number, b: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let sum = b[i];
    for (let k = 0; k < i; k++) sum -= factor[i * n + k] * b[k];
    b[i] = factor[i * n + i] > 0 ? sum / factor[i * n + i] : 0;
  }
  for (let i = n - 1; i >= 0; i--) {
    b[i] = factor[i * n + i] > 0 ? b[i] / factor[i * n + i] : 0;
    for (let k = 0; k < i; k++) b[k] -= factor[i * n + k] * b[i];
  }
}
