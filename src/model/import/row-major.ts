/**
 * Numbers in the order in which the last index runs fastest.
 *
 * @param strides steps between neighbours along each axis; every index they lead to lies within `values`
 */
export function toRowMajor(
  values: Float32Array,
  shape: readonly number[],
  strides: readonly number[],
): Float32Array<ArrayBuffer> {
  const out = new Float32Array(shape.reduce((product, side) => product * side, 1));
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

/** The strides of numbers that lie so already. */
export function rowMajorStrides(shape: readonly number[]): readonly number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1));
}

/** The strides of numbers of which the first index runs fastest, as in Fortran. */
export function fortranStrides(shape: readonly number[]): readonly number[] {
  return shape.map((_, axis) => shape.slice(0, axis).reduce((product, side) => product * side, 1));
}
