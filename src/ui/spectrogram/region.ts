import { type SpectrogramScale, topOf } from '../../dsp/spectrogram-scale.ts';
import { type FrequencyAxis, hzOfUnit, unitOfHz } from './frequency-axis.ts';

/** A part of a spectrogram: seconds and hertz. */
export interface Region {
  readonly start: number;
  readonly end: number;
  readonly lowHz: number;
  readonly highHz: number;
}

/** A corner of a region. */
export interface Corner {
  readonly seconds: number;
  readonly hz: number;
}

/** Least size of a region: seconds and hertz. */
export const MIN_SECONDS = 0.05;
export const MIN_HZ = 20;

/** The bounds of all regions. */
export interface RegionBounds {
  readonly duration: number;
  /** Bottom and top of the spectrograms. */
  readonly lowHz: number;
  readonly highHz: number;
}

type Interval = readonly [from: number, to: number];

export function boundsOf(scale: SpectrogramScale, duration: number): RegionBounds {
  return { duration, lowHz: 0, highHz: topOf(scale) };
}

function within([from, to]: Interval, [low, high]: Interval, minimum: number): Interval {
  const room = Math.min(minimum, high - low);
  const start = Math.min(Math.max(low, Math.min(from, to)), high - room);
  return [start, Math.min(high, Math.max(start + room, Math.max(from, to)))];
}

/** The region within its bounds, at least of the least size, its edges in order. */
export function regionWithin(region: Region, bounds: RegionBounds): Region {
  const [start, end] = within([region.start, region.end], [0, bounds.duration], MIN_SECONDS);
  const [lowHz, highHz] = within([region.lowHz, region.highHz], [bounds.lowHz, bounds.highHz], MIN_HZ);
  return { start, end, lowHz, highHz };
}

/** The region between two corners. */
export function regionBetween(a: Corner, b: Corner, bounds: RegionBounds): Region {
  return regionWithin({ start: a.seconds, end: b.seconds, lowHz: a.hz, highHz: b.hz }, bounds);
}

/** The region with one edge moved; the other edge moves along where they would pass each other. */
export function regionWithEdge(region: Region, edge: keyof Region, value: number): Region {
  const { start, end, lowHz, highHz } = region;
  switch (edge) {
    case 'start':
      return { ...region, start: value, end: value < end ? end : value + end - start };
    case 'end':
      return { ...region, end: value, start: value > start ? start : value - (end - start) };
    case 'lowHz':
      return { ...region, lowHz: value, highHz: value < highHz ? highHz : value + highHz - lowHz };
    default:
      return { ...region, highHz: value, lowHz: value > lowHz ? lowHz : value - (highHz - lowHz) };
  }
}

/**
 * The region moved within its bounds, with its size unchanged: in time, and along the frequency axis.
 * @param by Seconds, and a part of the axis (0 to 1): the height on the screen stays the same.
 */
export function regionMoved(
  region: Region,
  { seconds, units }: { readonly seconds: number; readonly units: number },
  axis: FrequencyAxis,
  bounds: RegionBounds,
): Region {
  const by = Math.min(bounds.duration - region.end, Math.max(-region.start, seconds));
  const [low, high] = [unitOfHz(axis, region.lowHz), unitOfHz(axis, region.highHz)];
  const up = Math.min(1 - high, Math.max(-low, units));
  const moved = {
    start: region.start + by,
    end: region.end + by,
    lowHz: units === 0 ? region.lowHz : hzOfUnit(axis, low + up),
    highHz: units === 0 ? region.highHz : hzOfUnit(axis, high + up),
  };
  return regionWithin(moved, bounds);
}
