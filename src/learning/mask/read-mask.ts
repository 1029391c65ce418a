import type { MaskFrames } from '../../songs/storage/mask-frames.ts';
import { ONE } from '../../songs/storage/spectrogram-cells.ts';

/** The network's mask in the frames [from, to), frame by frame, values 0 to 1; undefined until all of it is there. */
export function readMask(mask: MaskFrames, from: number, to: number): Float32Array<ArrayBuffer> | undefined {
  const { bins } = mask.scale;
  const values = new Float32Array((to - from) * bins);
  for (let frame = from; frame < to; frame++) {
    if (!mask.has(frame)) return undefined;
    const row = mask.row(frame);
    for (let bin = 0; bin < bins; bin++) values[(frame - from) * bins + bin] = row[bin] / ONE;
  }
  return values;
}
