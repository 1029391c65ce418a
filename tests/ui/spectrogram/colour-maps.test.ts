import { describe, expect, test } from 'vitest';
import {
  COLOUR_MAP_NAMES,
  COLOUR_MAPS,
  type ColourMap,
  maskMapFor,
  NEUTRAL,
  signedMap,
} from '../../../src/ui/spectrogram/colour-maps.ts';
import { labOfRgb, type Rgb, rgbOfLab } from '../../../src/ui/spectrogram/colour-space.ts';

const entry = ({ rgb }: ColourMap, i: number): Rgb => [rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2]];
const lightness = (map: ColourMap, i: number) => labOfRgb(entry(map, i))[0];

// Machado, Oliveira & Fernandes 2009, severity 1.0, on linear RGB; rows of red, green, blue.
const BLINDNESS: Readonly<Record<string, readonly (readonly [number, number, number])[]>> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};

function asSeenWith(kind: string, rgb: Rgb): Rgb {
  const linear = rgb.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  const [red, green, blue] = BLINDNESS[kind].map((row) => {
    const value = Math.min(1, Math.max(0, row[0] * linear[0] + row[1] * linear[1] + row[2] * linear[2]));
    return 255 * (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055);
  });
  return [red, green, blue];
}

describe('CIELAB', () => {
  test('is that of the CIE for the primaries of sRGB', () => {
    // Bruce Lindbloom's calculator, sRGB, D65: red, green, blue.
    for (const [rgb, lab] of [
      [
        [255, 0, 0],
        [53.24, 80.09, 67.2],
      ],
      [
        [0, 255, 0],
        [87.73, -86.18, 83.18],
      ],
      [
        [0, 0, 255],
        [32.3, 79.19, -107.86],
      ],
      [
        [255, 255, 255],
        [100, 0, 0],
      ],
      [
        [119, 119, 119],
        [50.03, 0, 0],
      ],
    ] as const) {
      labOfRgb(rgb).forEach((value, n) => {
        expect(Math.abs(value - lab[n])).toBeLessThan(0.03);
      });
      rgbOfLab(labOfRgb(rgb)).forEach((value, n) => {
        expect(Math.abs(value - rgb[n])).toBeLessThan(0.1);
      });
    }
  });
});

describe('the colour maps', () => {
  // matplotlib 3.x: numpy.round(255 · colormaps[name].colors[i]) for i = 0, 128, 255.
  test.each([
    ['magma', [0, 0, 4], [183, 55, 121], [252, 253, 191]],
    ['inferno', [0, 0, 4], [188, 55, 84], [252, 255, 164]],
    ['viridis', [68, 1, 84], [33, 145, 140], [253, 231, 37]],
    ['cividis', [0, 34, 78], [125, 124, 120], [254, 232, 56]],
  ] as const)('%s is matplotlib’s', (name, ...colours) => {
    expect([0, 128, 255].map((i) => entry(COLOUR_MAPS[name], i))).toEqual(colours);
  });

  test.each(COLOUR_MAP_NAMES)('%s becomes lighter with every value, by CIELAB', (name) => {
    // Bytes of colour are rounded: between neighbours lightness may stand still.
    for (let i = 4; i < 256; i++) {
      expect(lightness(COLOUR_MAPS[name], i)).toBeGreaterThan(lightness(COLOUR_MAPS[name], i - 4));
    }
    expect(lightness(COLOUR_MAPS[name], 255) - lightness(COLOUR_MAPS[name], 0)).toBeGreaterThan(70);
  });

  test.each(COLOUR_MAP_NAMES)('%s does so to colour-blind eyes, too', (name) => {
    for (const kind of Object.keys(BLINDNESS)) {
      const seen = (i: number) => labOfRgb(asSeenWith(kind, entry(COLOUR_MAPS[name], i)))[0];
      for (let i = 16; i < 256; i += 16) expect(seen(Math.min(255, i))).toBeGreaterThan(seen(i - 16));
    }
  });

  test('of the difference becomes lighter to both sides, evenly', () => {
    for (let i = 2; i < 128; i++) {
      const [minus, plus] = [lightness(signedMap, NEUTRAL - i), lightness(signedMap, NEUTRAL + i)];
      expect(minus).toBeGreaterThan(lightness(signedMap, NEUTRAL - i + 2));
      expect(plus).toBeGreaterThan(lightness(signedMap, NEUTRAL + i - 2));
      expect(Math.abs(plus - minus)).toBeLessThan(2);
    }
  });

  test('of the difference has two sides that colour-blind eyes tell apart', () => {
    for (const kind of Object.keys(BLINDNESS)) {
      for (const distance of [40, 80, 120]) {
        const minus = labOfRgb(asSeenWith(kind, entry(signedMap, NEUTRAL - distance)));
        const plus = labOfRgb(asSeenWith(kind, entry(signedMap, NEUTRAL + distance)));
        // CIE 1976: 2.3 is just noticeable.
        expect(Math.hypot(...minus.map((value, n) => value - plus[n]))).toBeGreaterThan(30);
      }
    }
  });

  test('of mask and levels are two, but for those that are for everything', () => {
    expect(maskMapFor('magma')).toBe(COLOUR_MAPS.viridis);
    expect(maskMapFor('viridis')).toBe(COLOUR_MAPS.magma);
    expect(maskMapFor('grey')).toBe(COLOUR_MAPS.grey);
  });

  test('are opaque pixels in the byte order of ImageData', () => {
    expect([...new Uint8Array(Uint32Array.of(COLOUR_MAPS.magma.pixels[128]).buffer)]).toEqual([183, 55, 121, 255]);
  });
});
