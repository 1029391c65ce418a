/** Where the gate is shut and where it is open: share of the mixture's power that the masked vocals have. */
const SHUT = 0.004;
const OPEN = 0.02;

/**
 * Closes a mask of the vocals in passages without singing, where what it lets through is leakage: the share of the
 * mixture's power that the vocals would have, Σ(mask·|X|)² / Σ|X|², averaged over `frames` frames to each side, is taken
 * for the voice's presence; the mask is scaled by 0 where it is below 0.4 %, by 1 above 2 %, smoothly between.
 *
 * @param mask rows × bins (index = row × bins + bin), changed in place
 * @param magnitude of the mixture, as many values, linear
 * @param accompaniment whether it is a mask of the accompaniment; then it is opened instead
 */
export function gateSilence(
  mask: Float32Array,
  magnitude: Float32Array,
  bins: number,
  frames: number,
  accompaniment = false,
): void {
  const rows = mask.length / bins;
  const voice = new Float64Array(rows);
  const whole = new Float64Array(rows);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let bin = 0; bin < bins; bin++, i++) {
      const value = accompaniment ? 1 - mask[i] : mask[i];
      const power = magnitude[i] * magnitude[i];
      voice[row] += value * value * power;
      whole[row] += power;
    }
  }
  for (let row = 0, i = 0; row < rows; row++) {
    let present = 0;
    let total = Number.MIN_VALUE;
    for (let near = Math.max(0, row - frames); near <= Math.min(rows - 1, row + frames); near++) {
      present += voice[near];
      total += whole[near];
    }
    const open = Math.min(1, Math.max(0, (present / total - SHUT) / (OPEN - SHUT)));
    const gain = open * open * (3 - 2 * open);
    for (let bin = 0; bin < bins; bin++, i++) {
      mask[i] = accompaniment ? 1 - gain * (1 - mask[i]) : gain * mask[i];
    }
  }
}
