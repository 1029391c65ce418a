/** The step of an axis, as a fraction of whole numbers: its multiples are exact where those of 0.1 are not. */
type Step = readonly [numerator: number, denominator: number];

/**
 * Round values for the labels of an axis: multiples of 1, 2 or 5 times a power of ten, within the range.
 *
 * @param to above `from`
 * @param max Most of them, at least 2.
 */
export function roundTicks(from: number, to: number, max: number): readonly number[] {
  // Both ends may be ticks: one more than there are steps.
  const [numerator, denominator] = roundStep((to - from) / (max - 1));
  const first = Math.ceil((from * denominator) / numerator - 1e-9);
  const last = Math.floor((to * denominator) / numerator + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, n) => ((first + n) * numerator) / denominator);
}

/** The end of an axis from 0 that is not below `value` and has a label, with `max` labels at most. */
export function roundEnd(value: number, max: number): number {
  const [numerator, denominator] = roundStep(value / (max - 1));
  return (Math.ceil((value * denominator) / numerator - 1e-9) * numerator) / denominator;
}

/** The least of 1, 2 or 5 times a power of ten that is not below a value above 0. */
function roundStep(value: number): Step {
  const exponent = Math.floor(Math.log10(value));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * 10 ** exponent >= value * (1 - 1e-9)) ?? 10;
  return exponent < 0 ? [factor, 10 ** -exponent] : [factor * 10 ** exponent, 1];
}
