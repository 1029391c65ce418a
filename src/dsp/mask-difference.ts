import type { SpectrogramColumns, SpectrogramScale } from './spectrogram-scale.ts';

/** Columns with what their numbers mean. */
export interface ScaledColumns {
  readonly columns: SpectrogramColumns;
  readonly scale: SpectrogramScale;
}

/** The part of `a` that both scales have: its frames and bins, up to the lower of the two highest frequencies. */
export function commonScale(a: SpectrogramScale, b: SpectrogramScale): SpectrogramScale {
  const highest = b.firstBinHz + (b.bins - 1) * b.binHz;
  const bins = Math.floor((highest - a.firstBinHz) / a.binHz + 1e-6) + 1;
  return { ...a, bins: Math.min(a.bins, Math.max(1, bins)) };
}

/** Frames [first, end) of `b` between which frames [first, end) of `a` lie. */
export function framesOver(
  a: SpectrogramScale,
  b: SpectrogramScale,
  first: number,
  end: number,
): { readonly first: number; readonly end: number } {
  const ratio = a.frameSeconds / b.frameSeconds;
  const last = b.frames - 1;
  return {
    first: Math.min(last, Math.floor(first * ratio)),
    end: Math.min(last, Math.ceil((end - 1) * ratio)) + 1,
  };
}

/**
 * How much two masks of one song differ: |a − b|, on the frames of `a` and the bins of `commonScale`. The mask of `b` is
 * interpolated linearly where its grid is another. With the mixture of `a` it gives the spectrogram of the difference of
 * both vocals.
 *
 * @param b columns of the frames that `framesOver` names
 */
export function maskDifference(a: ScaledColumns, b: ScaledColumns): SpectrogramColumns {
  const { firstFrame, frames } = a.columns;
  const { bins } = commonScale(a.scale, b.scale);
  const mixture = new Float32Array(frames * bins);
  const mask = new Float32Array(frames * bins);
  const places = Array.from({ length: bins }, (_, bin) =>
    placeBetween((a.scale.firstBinHz + bin * a.scale.binHz - b.scale.firstBinHz) / b.scale.binHz, b.columns.bins),
  );
  const ratio = a.scale.frameSeconds / b.scale.frameSeconds;
  for (let frame = 0; frame < frames; frame++) {
    const time = placeBetween((firstFrame + frame) * ratio - b.columns.firstFrame, b.columns.frames);
    const from = frame * a.columns.bins;
    for (let bin = 0; bin < bins; bin++) {
      mixture[frame * bins + bin] = a.columns.mixture[from + bin];
      const other = interpolated(b.columns, time, places[bin]);
      mask[frame * bins + bin] = Math.abs(a.columns.mask[from + bin] - other);
    }
  }
  return { firstFrame, frames, bins, mixture, mask };
}

/** A place between two numbers: the lower one, the upper one, and the part of the upper one. */
interface Place {
  readonly low: number;
  readonly high: number;
  readonly part: number;
}

function placeBetween(at: number, count: number): Place {
  const within = Math.min(count - 1, Math.max(0, at));
  const low = Math.floor(within);
  return { low, high: Math.min(count - 1, low + 1), part: within - low };
}

function interpolated({ mask, bins }: SpectrogramColumns, time: Place, height: Place): number {
  const at = (frame: number) => {
    const low = mask[frame * bins + height.low];
    return low + height.part * (mask[frame * bins + height.high] - low);
  };
  const early = at(time.low);
  return time.part === 0 ? early : early + time.part * (at(time.high) - early);
}
