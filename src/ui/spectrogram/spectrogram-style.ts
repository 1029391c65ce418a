import { COLOUR_MAPS, type ColourMap, type ColourMapName, maskMapFor, NEUTRAL, signedMap } from './colour-maps.ts';
import type { AxisKind } from './frequency-axis.ts';
import { FLOOR_DB, type SpectrogramKind } from './spectrogram-image.ts';

/** The appearance of the spectrograms, as a person chose it. */
export interface SpectrogramStyle {
  readonly axis: AxisKind;
  readonly map: ColourMapName;
  /** Levels of the darkest and of the lightest colour, decibels relative to a full-scale sine. */
  readonly floorDb: number;
  readonly ceilingDb: number;
  /** The mask is dimmed where the mixture is quiet: silence says nothing about the voice. */
  readonly dimMask: boolean;
  /**
   * Top of the frequency axis, hertz: spectrograms of models with other highest frequencies have one axis. Undefined:
   * the top of the data. Not stored.
   */
  readonly topHz?: number;
}

export const DEFAULT_STYLE: SpectrogramStyle = { axis: 'log', map: 'magma', floorDb: -80, ceilingDb: 0, dimMask: true };

/** Least distance between floor and ceiling, decibels. */
export const MIN_RANGE_DB = 10;

/** Limits of the two ends of the level range, decibels. */
export const RANGE_LIMITS = {
  floorDb: { min: FLOOR_DB, max: -20 },
  ceilingDb: { min: -60, max: 0 },
} as const;

/** The range with one end moved; the other end moves along where they would come too close. */
export function withRange(style: SpectrogramStyle, end: keyof typeof RANGE_LIMITS, decibels: number): SpectrogramStyle {
  const { min, max } = RANGE_LIMITS[end];
  const value = Math.min(max, Math.max(min, decibels));
  return end === 'floorDb'
    ? { ...style, floorDb: value, ceilingDb: Math.max(style.ceilingDb, value + MIN_RANGE_DB) }
    : { ...style, ceilingDb: value, floorDb: Math.min(style.floorDb, value - MIN_RANGE_DB) };
}

/** Parses a style from the browser's storage; missing or invalid parts get their default. */
export function parseStyle(text: string | undefined): SpectrogramStyle {
  let read: Partial<Record<keyof SpectrogramStyle, unknown>> = {};
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    if (typeof value === 'object' && value !== null) read = value;
  } catch {
    // Not valid JSON: the defaults apply.
  }
  const { axis, map, floorDb, ceilingDb, dimMask } = read;
  let style: SpectrogramStyle = {
    ...DEFAULT_STYLE,
    axis: axis === 'linear' || axis === 'mel' ? axis : 'log',
    map: typeof map === 'string' && Object.hasOwn(COLOUR_MAPS, map) ? (map as ColourMapName) : DEFAULT_STYLE.map,
    dimMask: dimMask !== false,
  };
  if (typeof floorDb === 'number' && Number.isFinite(floorDb)) style = withRange(style, 'floorDb', floorDb);
  if (typeof ceilingDb === 'number' && Number.isFinite(ceilingDb)) style = withRange(style, 'ceilingDb', ceilingDb);
  return style;
}

/** The colour map of a kind of spectrogram. */
export function colourMapOf(kind: SpectrogramKind, style: SpectrogramStyle): ColourMap {
  if (kind === 'difference') return signedMap;
  return kind === 'mask' ? maskMapFor(style.map) : COLOUR_MAPS[style.map];
}

/** Place of a level byte in the chosen range, 0 (floor) to 1 (ceiling). */
export function rangeShare(byte: number, { floorDb, ceilingDb }: SpectrogramStyle): number {
  const decibels = FLOOR_DB * (1 - byte / 255);
  return Math.min(1, Math.max(0, (decibels - floorDb) / (ceilingDb - floorDb)));
}

/** One pixel for each of the 256 values: the colour map, for levels stretched over the chosen range. */
export function pixelTable(kind: SpectrogramKind, style: SpectrogramStyle): Uint32Array {
  const { pixels } = colourMapOf(kind, style);
  if (kind === 'mask' || kind === 'difference') return pixels;
  return Uint32Array.from({ length: 256 }, (_, byte) => pixels[Math.round(255 * rangeShare(byte, style))]);
}

/** The pixel where there is nothing to show. */
export function groundPixel(kind: SpectrogramKind, style: SpectrogramStyle): number {
  return colourMapOf(kind, style).pixels[kind === 'difference' ? NEUTRAL : 0];
}

/** Weight of mask and difference at each level byte of the mixture: 0 at the floor, 1 from two thirds of the range up. */
export function levelWeights(style: SpectrogramStyle): Float32Array {
  return Float32Array.from({ length: 256 }, (_, byte) => Math.min(1, 1.5 * rangeShare(byte, style)));
}
