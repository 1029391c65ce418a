import type { Weight } from '../weights.ts';

/**
 * A convolution of stride 1 that computes one or both column phases of some rows of a transposed convolution's output.
 * A phase is a polyphase component: the rows, or columns, whose index is p modulo 2.
 */
export interface SubpixelKernel {
  /** (rows, columns, in, out × column phases). */
  readonly kernel: Weight;
  /** Rows and columns of zeros to add around the input. */
  readonly pad: { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number };
}

/**
 * With fewer output channels one convolution computes both column phases, because few channels do not fill a vector.
 */
const MIN_CHANNELS_FOR_SPLIT = 8;

/**
 * Splits a transposed convolution of stride 2 with padding “same” (TensorFlow) into convolutions of stride 1.
 *
 * Output row 2q + p reads input row q + d with the tap k = p + 1 − 2d; the 1 is the row that “same” pads before. With
 * kernel 5, even rows use two of the five taps and odd rows three, and columns likewise. That makes 2×2, 2×3, 3×2 and
 * 3×3 taps, 25 in all. A padded 3×3 kernel with four times the channels would have 36.
 *
 * @param kernel (kh, kw, in, out)
 * @returns the convolutions of the even rows and of the odd rows. Joined along the channels, the outputs of each list
 * hold the even columns and then the odd columns
 */
export function subpixelKernels(kernel: Weight): readonly (readonly SubpixelKernel[])[] {
  const columnGroups = kernel.shape[3] < MIN_CHANNELS_FOR_SPLIT ? [[0, 1]] : [[0], [1]];
  return [0, 1].map((row) => columnGroups.map((columns) => phaseKernel(kernel, row, columns)));
}

/** Maps input offset d to tap k for one phase. */
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
