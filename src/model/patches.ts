import type { ModelManifest } from './manifest.ts';

type Scaling = Pick<ModelManifest, 'patch' | 'normalisation' | 'compression' | 'output' | 'target'>;

/**
 * What the magnitudes of one patch are divided by; 0 for a silent patch, whose mask does not depend on what the network
 * says.
 *
 * @param patch frames × bins linear magnitudes
 */
export function normaliser(patch: Float32Array, { normalisation }: Scaling, songMaximum: number): number {
  if (normalisation === 'none') return 1;
  if (normalisation === 'song-maximum') return songMaximum;
  let maximum = 0;
  for (const value of patch) if (value > maximum) maximum = value;
  return maximum;
}

/**
 * One patch as the network takes it: divided by `divisor`, compressed, and turned from frames × bins to bins × frames.
 * Zeros for a divisor of 0: dividing would make NaN.
 */
export function writeInput(patch: Float32Array, divisor: number, scaling: Scaling, input: Float32Array): void {
  const { frames, bins } = scaling.patch;
  if (divisor === 0) {
    input.fill(0);
    return;
  }
  const { compression } = scaling;
  const gain = 1 / divisor;
  const log = compression.kind === 'log';
  const scale = log ? compression.scale * gain : gain;
  for (let frame = 0; frame < frames; frame++) {
    for (let bin = 0; bin < bins; bin++) {
      const value = patch[frame * bins + bin] * scale;
      input[bin * frames + frame] = log ? Math.log1p(value) : value;
    }
  }
}

/**
 * The network's output for one patch as a mask in [0, 1], turned back to frames × bins. An output that is a magnitude,
 * in the normalised scale, is divided by the mixture's. Silence is no voice: there the mask of the vocals is 0, and that
 * of the accompaniment, which leaves the vocals the rest, 1.
 *
 * @param raw the output itself, a magnitude in the mixture's scale, not as a mask of it
 * @returns whether all values were finite: if not, the backend failed
 */
export function readMask(
  output: Float32Array,
  patch: Float32Array,
  divisor: number,
  scaling: Scaling,
  mask: Float32Array,
  raw = false,
): boolean {
  const { frames, bins } = scaling.patch;
  const ofSilence = scaling.target === 'accompaniment' ? 1 : 0;
  if (divisor === 0) {
    mask.fill(ofSilence);
    return true;
  }
  const magnitude = scaling.output === 'magnitude';
  let sum = 0;
  for (let frame = 0; frame < frames; frame++) {
    for (let bin = 0; bin < bins; bin++) {
      const at = frame * bins + bin;
      let value = output[bin * frames + frame];
      sum += value;
      if (raw) {
        mask[at] = magnitude ? value * divisor : value;
        continue;
      }
      if (magnitude) value = patch[at] > 0 ? (value * divisor) / patch[at] : ofSilence;
      mask[at] = Math.min(1, Math.max(0, value));
    }
  }
  return Number.isFinite(sum);
}
