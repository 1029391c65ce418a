import type { SpectrogramScale } from '../../dsp/spectrogram-scale.ts';
import type { Region } from './region.ts';
import { byteDecibels, cellByte, type SpectrogramImage } from './spectrogram-image.ts';

/** The sounds whose level in a region is shown, and which can be played. */
export const REGION_SOUNDS = ['mixture', 'vocals', 'accompaniment'] as const;
export type RegionSource = (typeof REGION_SOUNDS)[number];

/** Level of a sound in a region, decibels; −∞ if nothing lies above the floor of the spectrograms. */
export interface RegionLevel {
  /** Level of everything in the band, averaged over time; 0 dB is a full-scale sine. */
  readonly mean: number;
  /** Level of the loudest cell. */
  readonly peak: number;
}

export type RegionLevels = Readonly<Record<RegionSource, RegionLevel>>;

/**
 * A window spreads a sine's power over neighbouring bins: their sum as a multiple of the greatest, for a Hann window.
 */
const HANN_NOISE_BINS = 1.5;

const POWER = Float64Array.from({ length: 256 }, (_, byte) => (byte === 0 ? 0 : 10 ** (byteDecibels(byte) / 10)));

/**
 * Levels of the mixture and both stems in a region, computed from the cells of the spectrograms. Power is summed over
 * the bins whose centres lie in the band, divided by the spread of the window, and averaged over the frames that are
 * there. For a sine in the band, this is its level, whatever the region's height.
 *
 * @returns undefined if no frame of the region is there yet
 */
export function regionLevels(image: SpectrogramImage, region: Region): RegionLevels | undefined {
  const { scale, shape } = image;
  const { first, last, low, high } = regionCells(scale, region);
  const { mixture, mask } = image.levels[0];
  const sums = { mixture: 0, vocals: 0, accompaniment: 0 };
  const peaks = { mixture: 0, vocals: 0, accompaniment: 0 };
  let columns = 0;
  for (let column = first >> shape.reduction; column <= last >> shape.reduction; column++) {
    if (!image.has(column)) continue;
    columns++;
    for (let bin = low; bin <= high; bin++) {
      const cell = column * scale.bins + bin;
      for (const sound of REGION_SOUNDS) {
        const byte = cellByte(sound, mixture[cell], mask[cell]);
        sums[sound] += POWER[byte];
        if (byte > peaks[sound]) peaks[sound] = byte;
      }
    }
  }
  if (columns === 0) return undefined;
  const spread = (scale.noiseBins ?? HANN_NOISE_BINS) * columns;
  const levelOf = (sound: RegionSource): RegionLevel => ({
    mean: 10 * Math.log10(sums[sound] / spread),
    peak: peaks[sound] === 0 ? Number.NEGATIVE_INFINITY : byteDecibels(peaks[sound]),
  });
  return { mixture: levelOf('mixture'), vocals: levelOf('vocals'), accompaniment: levelOf('accompaniment') };
}

/** Frames and bins whose centres lie in a region; the nearest ones if there are none. */
export function regionCells(scale: SpectrogramScale, { start, end, lowHz, highHz }: Region) {
  const spanOf = (from: number, to: number, count: number) => {
    const clamp = (n: number) => Math.min(count - 1, Math.max(0, n));
    const [first, last] = [Math.ceil(from - 1e-9), Math.floor(to + 1e-9)];
    const nearest = clamp(Math.round((from + to) / 2));
    return first > last ? [nearest, nearest] : [clamp(first), clamp(last)];
  };
  const [first, last] = spanOf(start / scale.frameSeconds, end / scale.frameSeconds, scale.frames);
  const binOf = (hz: number) => (hz - scale.firstBinHz) / scale.binHz;
  const [low, high] = spanOf(binOf(lowHz), binOf(highHz), scale.bins);
  return { first, last, low, high };
}
