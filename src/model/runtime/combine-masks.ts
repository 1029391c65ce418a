import type { Combination, Stem } from '../manifest.ts';

/**
 * Combines the networks' masks into the mask of the vocals. `ratio`, of n networks with the estimates x = mask ×
 * magnitude: (vᵖ + ε/n) / (Σ xᵖ + ε) (Spleeter's separation formula, deezer/spleeter, model/__init__.py, with p = 2, ε
 * = 1e-10). Where the mixture is silent the mask is 0.
 *
 * @param masks of each network, in [0, 1]: the vocals' among them, or the accompaniment's alone
 * @param magnitudes of the mixture, linear, ≥ 0
 * @param out receives the mask; may be one of `masks`
 */
export function combineMasks(
  masks: readonly (readonly [Stem, Float32Array])[],
  magnitudes: Float32Array,
  combine: Combination,
  out: Float32Array,
): void {
  const vocals = masks.find(([stem]) => stem === 'vocals')?.[1];
  if (combine.kind === 'single') {
    const [[, mask]] = masks;
    for (let i = 0; i < out.length; i++) out[i] = vocals ? vocals[i] : 1 - mask[i];
    return;
  }
  const { exponent, epsilon } = combine;
  const power = powerOf(exponent);
  const share = epsilon / masks.length;
  const others = masks.filter(([, mask]) => mask !== vocals).map(([, mask]) => mask);
  for (let i = 0; i < out.length; i++) {
    const magnitude = magnitudes[i];
    if (magnitude === 0) {
      out[i] = 0;
      continue;
    }
    const voice = power(vocals![i] * magnitude);
    let sum = voice + epsilon;
    for (const mask of others) sum += power(mask[i] * magnitude);
    out[i] = sum > 0 ? (voice + share) / sum : 0;
  }
}

/** x to a power, x ≥ 0. The usual exponents avoid Math.pow, which takes ten times as long. */
function powerOf(exponent: number): (x: number) => number {
  if (exponent === 1) return (x) => x;
  if (exponent === 1.5) return (x) => x * Math.sqrt(x);
  if (exponent === 2) return (x) => x * x;
  return (x) => x ** exponent;
}
