/** How many values a tensor of this shape has. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** The strides of row-major values: the last index runs fastest. */
export function rowMajorStrides(shape: readonly number[]): readonly number[] {
  return shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
}

/** The strides of column-major values, as in Fortran: the first index runs fastest. */
export function fortranStrides(shape: readonly number[]): readonly number[] {
  return shape.map((_, axis) => elementCount(shape.slice(0, axis)));
}

/**
 * Copies the values of a tensor in row-major order.
 *
 * @param strides steps in `values` from one index of an axis to the next; every index stays within `values`
 */
export function toRowMajor(
  values: Float32Array,
  shape: readonly number[],
  strides: readonly number[],
): Float32Array<ArrayBuffer> {
  const out = new Float32Array(elementCount(shape));
  const index = shape.map(() => 0);
  for (let to = 0, from = 0; to < out.length; to++) {
    out[to] = values[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return out;
}
