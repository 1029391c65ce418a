import { shownColour } from './colour-space.ts';
import { CIVIDIS, INFERNO, MAGMA, VIRIDIS } from './colour-tables.ts';

/** 256 colours for the values 0 to 255. */
export interface ColourMap {
  /** Red, green, blue of each entry, 768 bytes. */
  readonly rgb: Uint8Array;
  /** The same as pixels of ImageData in a `Uint32Array`: 0xAABBGGRR (little-endian, opaque). */
  readonly pixels: Uint32Array;
}

function mapOf(rgb: Uint8Array): ColourMap {
  const pixels = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    pixels[i] = ((255 << 24) | (rgb[3 * i + 2] << 16) | (rgb[3 * i + 1] << 8) | rgb[3 * i]) >>> 0;
  }
  return { rgb, pixels };
}

function decodeMap(base64: string): ColourMap {
  return mapOf(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
}

/** For levels: black, violet, rose, cream. */
export const magma = decodeMap(MAGMA);

/** For the mask: violet, teal, green, yellow. */
export const viridis = decodeMap(VIRIDIS);

/** Black to white in equal steps of lightness (CIELAB). */
const grey = mapOf(
  Uint8Array.from(Array.from({ length: 256 }, (_, entry) => shownColour((100 * entry) / 255, 0, 0)).flat()),
);

/** In each of these, equal steps of the value look like equal steps of lightness, also to colour-blind people. */
export const COLOUR_MAPS = {
  magma,
  inferno: decodeMap(INFERNO),
  viridis,
  cividis: decodeMap(CIVIDIS),
  grey,
} as const satisfies Readonly<Record<string, ColourMap>>;

export type ColourMapName = keyof typeof COLOUR_MAPS;

export const COLOUR_MAP_NAMES = Object.keys(COLOUR_MAPS) as readonly ColourMapName[];

/** Entry of the signed map for the value 0. */
export const NEUTRAL = 128;

/** Hues of the two sides, degrees in CIELAB: people with any common kind of colour blindness tell blue from orange. */
const MINUS_HUE = 262;
const PLUS_HUE = 58;

/**
 * For differences: black at 0, light blue below, light orange above, with equal lightness on both sides. The middle is
 * dark, as the other spectrograms are where nothing sounds.
 */
export const signedMap: ColourMap = mapOf(
  Uint8Array.from(
    Array.from({ length: 256 }, (_, entry) => {
      const share = entry < NEUTRAL ? (NEUTRAL - entry) / NEUTRAL : (entry - NEUTRAL) / (255 - NEUTRAL);
      return shownColour(3 + 77 * share, 75 * share ** 0.7, entry < NEUTRAL ? MINUS_HUE : PLUS_HUE);
    }).flat(),
  ),
);

/** The map of the mask beside levels in the named map: a different one, so that they are not mixed up. */
export function maskMapFor(name: ColourMapName): ColourMap {
  if (name === 'viridis') return magma;
  return name === 'cividis' || name === 'grey' ? COLOUR_MAPS[name] : viridis;
}

/** A CSS gradient of the map from left to right. */
export function cssGradient(map: ColourMap): string {
  const stops: string[] = [];
  for (let i = 0; i < 256; i += 15) stops.push(`rgb(${map.rgb[3 * i]} ${map.rgb[3 * i + 1]} ${map.rgb[3 * i + 2]})`);
  return `linear-gradient(to right, ${stops.join(', ')})`;
}
