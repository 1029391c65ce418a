import type { SpectrogramScale } from '../../dsp/spectrogram-scale.ts';
import type { Region } from './region.ts';
import { byteDecibels, cellByte, type SpectrogramImage } from './spectrogram-image.ts';

/** The sounds that a region's level is told of. */
export const HEARD = ['mixture', 'vocals', 'accompaniment'] as const;
export type Heard = (typeof HEARD)[number];

/** How loud a sound is in a region, decibels; −∞ where nothing lies above the pictures' floor. */
export interface RegionLevel {
  /** The level of all that lies in the band, on the average over time: 0 dB is a full-scale sine. */
  readonly mean: number;
  /** The loudest cell. */
  readonly peak: number;
}

export type RegionLevels = Readonly<Record<Heard, RegionLevel>>;

/** A sine's power is spread over neighbouring bins: their sum as a multiple of the greatest, for a Hann window. */
const HANN_NOISE_BINS = 1.5;

const POWER = Float64Array.from({ length: 256 }, (_, byte) => (byte === 0 ? 0 : 10 ** (byteDecibels(byte) / 10)));

/**
 * Levels of the mixture and both stems in a region, from the pictures' cells: power is summed over the bins whose
 * centres lie in the band, divided by what the window spreads, and averaged over the frames that are there. Of a sine in
 * the band that is its level, whatever the region's height.
 *
 * @returns undefined where no frame of the region is there yet
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
      for (const sound of HEARD) {
        const byte = cellByte(sound, mixture[cell], mask[cell]);
        sums[sound] += POWER[byte];
        if (byte > peaks[sound]) peaks[sound] = byte;
      }
    }
  }
  if (columns === 0) return undefined;
  const spread = (scale.noiseBins ?? HANN_NOISE_BINS) * columns;
  const levelOf = (sound: Heard): RegionLevel => ({
    mean: 10 * Math.log10(sums[sound] / spread),
    peak: peaks[sound] === 0 ? Number.NEGATIVE_INFINITY : byteDecibels(peaks[sound]),
  });
  return { mixture: levelOf('mixture'), vocals: levelOf('vocals'), accompaniment: levelOf('accompaniment') };
}

/** Frames and bins whose centres lie in a region; the nearest where there is none. */
export function regionCells(scale: SpectrogramScale, { start, end, lowHz, highHz }: Region) {
  const spanOf = (from: number, to: number, most: number) => {
    const clamp = (n: number) => Math.min(most - 1, Math.max(0, n));
    const [first, last] = [Math.ceil(from - 1e-9), Math.floor(to + 1e-9)];
    const nearest = clamp(Math.round((from + to) / 2));
    return first > last ? [nearest, nearest] : [clamp(first), clamp(last)];
  };
  const [first, last] = spanOf(start / scale.frameSeconds, end / scale.frameSeconds, scale.frames);
  const binOf = (hz: number) => (hz - scale.firstBinHz) / scale.binHz;
  const [low, high] = spanOf(binOf(lowHz), binOf(highHz), scale.bins);
  return { first, last, low, high };
}
