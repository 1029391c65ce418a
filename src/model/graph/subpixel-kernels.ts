import type { Weight } from '../weights.ts';

/** A convolution of stride 1 that makes some of a transposed convolution's output. */
export interface SubpixelKernel {
  /** (rows, columns, in, out × column phases). */
  readonly kernel: Weight;
  /** Rows and columns of zeros around the input. */
  readonly pad: { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number };
}

/** Below this many output channels the two column phases are computed together: few channels fill no vector. */
const FEW_CHANNELS = 8;

/**
 * Splits a transposed convolution of stride 2, TensorFlow “same”, into convolutions of stride 1.
 *
 * Output row 2q + p takes from input row q + d the tap k = p + 1 − 2d (the 1 is the row that “same” pads before), so
 * even rows see two taps of five and odd rows three; columns likewise. With kernel 5 that is 2×2, 2×3, 3×2 and 3×3 taps,
 * 25 in all, where the padded 3×3 kernel to four times the channels has 36.
 *
 * @param kernel (kh, kw, in, out)
 * @returns for the even and for the odd rows, the convolutions whose outputs, joined along the channels, hold the two
 * column phases one after the other
 */
export function subpixelKernels(kernel: Weight): readonly (readonly SubpixelKernel[])[] {
  const columnGroups = kernel.shape[3] < FEW_CHANNELS ? [[0, 1]] : [[0], [1]];
  return [0, 1].map((row) => columnGroups.map((columns) => phaseKernel(kernel, row, columns)));
}

/** Input offset d → tap k, for one phase. */
function phaseTaps(phase: number, kernel: number): ReadonlyMap<number, number> {
  const taps = new Map<number, number>();
  for (let offset = -1; offset <= 1; offset++) {
    const tap = phase + 1 - 2 * offset;
    if (tap >= 0 && tap < kernel) taps.set(offset, tap);
  }
  return taps;
}

function phaseKernel({ shape, values }: Weight, rowPhase: number, columnPhases: readonly number[]): SubpixelKernel {
  const [height, width, inputs, outputs] = shape;
  const rowTaps = phaseTaps(rowPhase, height);
  const columnTaps = columnPhases.map((phase) => phaseTaps(phase, width));
  const rows = range([...rowTaps.keys()]);
  const columns = range(columnTaps.flatMap((taps) => [...taps.keys()]));
  const wide = outputs * columnPhases.length;
  const out = new Float32Array(rows.length * columns.length * inputs * wide);
  for (const [r, rowOffset] of rows.entries()) {
    for (const [c, columnOffset] of columns.entries()) {
      for (const [phase, taps] of columnTaps.entries()) {
        const tap = taps.get(columnOffset);
        if (tap === undefined) continue;
        const from = (rowTaps.get(rowOffset)! * width + tap) * inputs;
        const to = (r * columns.length + c) * inputs;
        for (let i = 0; i < inputs; i++) {
          out.set(values.subarray((from + i) * outputs, (from + i + 1) * outputs), (to + i) * wide + phase * outputs);
        }
      }
    }
  }
  return {
    kernel: { shape: [rows.length, columns.length, inputs, wide], values: out },
    pad: { top: -rows[0], bottom: rows.at(-1)!, left: -columns[0], right: columns.at(-1)! },
  };
}

function range(offsets: readonly number[]): readonly number[] {
  const first = Math.min(...offsets);
  return Array.from({ length: Math.max(...offsets) - first + 1 }, (_, n) => first + n);
}
