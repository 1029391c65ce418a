import { COLOUR_MAPS, type ColourMap, type ColourMapName, maskMapFor, NEUTRAL, signedMap } from './colour-maps.ts';
import type { AxisKind } from './frequency-axis.ts';
import { FLOOR_DB, type SpectrogramKind } from './spectrogram-image.ts';

/** How the pictures look: what a person chooses. */
export interface SpectrogramStyle {
  readonly axis: AxisKind;
  readonly map: ColourMapName;
  /** Level of the darkest and of the lightest colour, decibels below a full-scale sine. */
  readonly floorDb: number;
  readonly ceilingDb: number;
}

export const DEFAULT_STYLE: SpectrogramStyle = { axis: 'log', map: 'magma', floorDb: -80, ceilingDb: 0 };

/** Floor and ceiling stay so many decibels apart. */
export const MIN_RANGE_DB = 10;

/** Limits of the two ends of the level range, decibels. */
export const RANGE_LIMITS = {
  floorDb: { least: FLOOR_DB, most: -20 },
  ceilingDb: { least: -60, most: 0 },
} as const;

/** The range with one end moved; the other end gives way where they would come too near. */
export function withRange(style: SpectrogramStyle, end: keyof typeof RANGE_LIMITS, decibels: number): SpectrogramStyle {
  const { least, most } = RANGE_LIMITS[end];
  const value = Math.min(most, Math.max(least, decibels));
  return end === 'floorDb'
    ? { ...style, floorDb: value, ceilingDb: Math.max(style.ceilingDb, value + MIN_RANGE_DB) }
    : { ...style, ceilingDb: value, floorDb: Math.min(style.floorDb, value - MIN_RANGE_DB) };
}

/** The style that a text from the browser's storage holds; what is missing or makes no sense is as it is at first. */
export function parseStyle(text: string | undefined): SpectrogramStyle {
  let read: Partial<Record<keyof SpectrogramStyle, unknown>> = {};
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    if (typeof value === 'object' && value !== null) read = value;
  } catch {
    // Not ours; the defaults will do.
  }
  const { axis, map, floorDb, ceilingDb } = read;
  let style: SpectrogramStyle = {
    ...DEFAULT_STYLE,
    axis: axis === 'linear' || axis === 'mel' ? axis : 'log',
    map: typeof map === 'string' && Object.hasOwn(COLOUR_MAPS, map) ? (map as ColourMapName) : DEFAULT_STYLE.map,
  };
  if (typeof floorDb === 'number' && Number.isFinite(floorDb)) style = withRange(style, 'floorDb', floorDb);
  if (typeof ceilingDb === 'number' && Number.isFinite(ceilingDb)) style = withRange(style, 'ceilingDb', ceilingDb);
  return style;
}

/** The colour map of a picture. */
export function colourMapOf(kind: SpectrogramKind, style: SpectrogramStyle): ColourMap {
  if (kind === 'difference') return signedMap;
  return kind === 'mask' ? maskMapFor(style.map) : COLOUR_MAPS[style.map];
}

/** Share of the level range at which a level byte lies, 0 to 1. */
export function rangeShare(byte: number, { floorDb, ceilingDb }: SpectrogramStyle): number {
  const decibels = FLOOR_DB * (1 - byte / 255);
  return Math.min(1, Math.max(0, (decibels - floorDb) / (ceilingDb - floorDb)));
}

/** 256 pixels for the 256 values of a picture: its map, for levels stretched over the range that was chosen. */
export function pixelTable(kind: SpectrogramKind, style: SpectrogramStyle): Uint32Array {
  const { pixels } = colourMapOf(kind, style);
  if (kind === 'mask' || kind === 'difference') return pixels;
  return Uint32Array.from({ length: 256 }, (_, byte) => pixels[Math.round(255 * rangeShare(byte, style))]);
}

/** The pixel of nothing: where no sound was looked at yet. */
export function groundPixel(kind: SpectrogramKind, style: SpectrogramStyle): number {
  return colourMapOf(kind, style).pixels[kind === 'difference' ? NEUTRAL : 0];
}

/** How much the difference counts at a mixture's level byte: nothing at the floor, all from two thirds of the range up. */
export function differenceWeights(style: SpectrogramStyle): Float32Array {
  return Float32Array.from({ length: 256 }, (_, byte) => Math.min(1, 1.5 * rangeShare(byte, style)));
}
