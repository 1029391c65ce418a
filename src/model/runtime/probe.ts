import type { ProbeValues } from '../manifest.ts';
import type { NetworkShape } from '../network-shape.ts';

/**
 * The probe's input, similar to a compressed spectrogram: values in [0, 1), faint noise and two gliding harmonic
 * stacks, bins × frames × channels (index = (bin × frames + frame) × channels + channel). Made of integers, sums and
 * products only, so it is the same on every machine.
 */
export function probeInput(seed: number, { bins, frames, channels }: NetworkShape): Float32Array<ArrayBuffer> {
  const random = mulberry32(seed);
  const columns = frames * channels;
  const input = new Float32Array(bins * columns);
  for (let bin = 0; bin < bins; bin++) {
    for (let column = 0; column < columns; column++) {
      const frame = Math.floor(column / channels);
      const glide = Math.abs((frame % 64) - 32) >> 3;
      const harmonic = bin % (17 + glide) < 2 || bin % 29 < 1;
      const fall = (bins - bin) / bins;
      input[bin * columns + column] = random() * fall * (harmonic ? 1 : 0.125);
    }
  }
  return input;
}

/** The greatest difference of an output patch from the known values; Infinity where a value is not finite. */
export function probeError(output: Float32Array, probe: ProbeValues): number {
  return probe.positions.reduce((worst, position, n) => {
    const error = Math.abs(output[position] - probe.values[n]);
    return Number.isFinite(error) ? Math.max(worst, error) : Number.POSITIVE_INFINITY;
  }, 0);
}

/** Tommy Ettinger's mulberry32, public domain: uniform in [0, 1). */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
