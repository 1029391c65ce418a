/**
 * The value that a share of the values does not exceed, with linear interpolation between the two nearest ranks.
 *
 * @param values any order; stay as they are
 * @param share 0 (the least value) to 1 (the greatest)
 * @returns NaN where there is no value
 */
export function percentile(values: Float32Array, share: number): number {
  const sorted = values.toSorted();
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted.length === 0 ? Number.NaN : sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
