/** The sources of training/reference/metrics_reference.py, with the same float32 samples. */
export const rate = 4000;
export const samples = 4 * rate;

export type Layout = 'mono' | 'stereo' | 'alike';

function coloured(seed: number, a1: number, a2: number): number[] {
  let state = seed;
  let y1 = 0;
  let y2 = 0;
  return Array.from({ length: samples }, () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    const y = state / 2 ** 31 - 1 + a1 * y1 + a2 * y2;
    [y1, y2] = [y, y1];
    return y;
  });
}

const delayed = (x: ArrayLike<number>, by: number) => Array.from({ length: x.length }, (_, n) => x[n - by] ?? 0);
const scaled = (x: readonly number[], gain: number) => x.map((value) => gain * value);

/** Vocals and accompaniment, true and estimated. The vocals are silent in the second second. */
export function makeSources(layout: Layout): { references: Float32Array[][]; estimates: Float32Array[][] } {
  const voice = scaled(coloured(1, 1.6, -0.8), 0.1).fill(0, rate, 2 * rate);
  const band = scaled(coloured(2, 0.5, 0.3), 0.2);
  const space = scaled(coloured(3, 0.2, -0.4), 0.2);
  const hiss = scaled(coloured(4, 0, 0), 0.05);
  const layouts = {
    mono: [[voice], [band]],
    stereo: [
      [scaled(voice, 0.8), scaled(delayed(voice, 3), 0.6)],
      [band, space.map((value, n) => value + 0.3 * band[n])],
    ],
    alike: [
      [voice, voice],
      [band, band],
    ],
  };
  const references = layouts[layout].map((source) => source.map((channel) => Float32Array.from(channel)));
  const estimates = references.map((target, j) =>
    target.map((s, c) => {
      const early = delayed(s, 1);
      const leak = delayed(references[1 - j][c], 5);
      return Float32Array.from(s, (value, n) => 0.9 * value + 0.2 * early[n] + 0.15 * leak[n] + hiss[n]);
    }),
  );
  return { references, estimates };
}
