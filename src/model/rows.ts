import type { ModelDescription, PatchDescription } from './manifest.ts';

/** The network's input and output for one patch: rows × frames × channels. */
export interface NetworkShape {
  readonly rows: number;
  readonly frames: number;
  readonly channels: number;
}

export function networkShape({ patch, channels }: Pick<ModelDescription, 'patch' | 'channels'>): NetworkShape {
  return { rows: patchRows(patch), frames: patch.frames, channels };
}

/** Rows of the network's picture: as many as bins, or fewer where `bands` put several bins into a row. */
export function patchRows({ bins, bands }: Pick<PatchDescription, 'bins' | 'bands'>): number {
  return bands ? bands.reduce((rows, [count, width]) => rows + count / width, 0) : bins;
}

/** Bins of each row, lowest row first. */
export function rowWidths({ bins, bands }: Pick<PatchDescription, 'bins' | 'bands'>): readonly number[] {
  const groups = bands ?? [[bins, 1] as const];
  return groups.flatMap(([count, width]) => new Array<number>(count / width).fill(width));
}

/** Frames of magnitudes, `bins` each, to frames of rows: the mean of each row's bins. */
export function toRows(magnitudes: Float32Array, widths: readonly number[]): Float32Array {
  const bins = widths.reduce((sum, width) => sum + width, 0);
  const frames = magnitudes.length / bins;
  const rows = new Float32Array(frames * widths.length);
  for (let frame = 0, from = 0, to = 0; frame < frames; frame++) {
    for (const width of widths) {
      let sum = 0;
      for (let n = 0; n < width; n++) sum += magnitudes[from++];
      rows[to++] = sum / width;
    }
  }
  return rows;
}

/** Frames of rows to frames of bins, into `out`: a row's value for each of its bins. */
export function toBins(rows: Float32Array, widths: readonly number[], out: Float32Array): void {
  const frames = rows.length / widths.length;
  for (let frame = 0, from = 0, to = 0; frame < frames; frame++) {
    for (const width of widths) {
      out.fill(rows[from++], to, to + width);
      to += width;
    }
  }
}
