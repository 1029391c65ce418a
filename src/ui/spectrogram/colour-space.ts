/** Red, green and blue of sRGB, each 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Lightness L* (0 black to 100 white) and the two opponent colours a* (green to red) and b* (blue to yellow). */
export type Lab = readonly [lightness: number, a: number, b: number];

/** The white point of sRGB, D65. */
const WHITE = [0.95047, 1, 1.08883] as const;

const toLinear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const toCoded = (value: number) => (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055);
const DELTA = 6 / 29;
const compress = (t: number) => (t > DELTA ** 3 ? Math.cbrt(t) : t / (3 * DELTA ** 2) + 4 / 29);
const expand = (t: number) => (t > DELTA ? t ** 3 : 3 * DELTA ** 2 * (t - 4 / 29));

/** Converts a colour from sRGB (IEC 61966-2-1) to CIELAB (CIE 1976, D65). */
export function labOfRgb([red, green, blue]: Rgb): Lab {
  const [r, g, b] = [red, green, blue].map((value) => toLinear(value / 255));
  const x = compress((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / WHITE[0]);
  const y = compress((0.2126729 * r + 0.7151522 * g + 0.072175 * b) / WHITE[1]);
  const z = compress((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / WHITE[2]);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** Converts a colour from CIELAB to sRGB, not rounded; below 0 or above 255 where a screen cannot show it. */
export function rgbOfLab([lightness, a, b]: Lab): Rgb {
  const mid = (lightness + 16) / 116;
  const x = WHITE[0] * expand(mid + a / 500);
  const y = WHITE[1] * expand(mid);
  const z = WHITE[2] * expand(mid - b / 200);
  const coded = (linear: number) => 255 * (linear < 0 ? 12.92 * linear : toCoded(linear));
  return [
    coded(3.2404542 * x - 1.5371385 * y - 0.4985314 * z),
    coded(-0.969266 * x + 1.8760108 * y + 0.041556 * z),
    coded(0.0556434 * x - 0.2040259 * y + 1.0572252 * z),
  ];
}

/**
 * The colour of this lightness and hue with the given chroma, or as much of it as a screen can show.
 * @param hue Degrees in the plane of a* and b*: 0 red, 90 yellow, 180 green, 270 blue.
 */
export function shownColour(lightness: number, chroma: number, hue: number): Rgb {
  const at = (c: number) =>
    rgbOfLab([lightness, c * Math.cos((hue * Math.PI) / 180), c * Math.sin((hue * Math.PI) / 180)]);
  const fits = (rgb: Rgb) => rgb.every((value) => value > -0.5 && value < 255.5);
  let low = 0;
  let high = chroma;
  if (!fits(at(high))) {
    for (let step = 0; step < 12; step++) {
      const middle = (low + high) / 2;
      if (fits(at(middle))) low = middle;
      else high = middle;
    }
    high = low;
  }
  const [red, green, blue] = at(high).map((value) => Math.min(255, Math.max(0, Math.round(value))));
  return [red, green, blue];
}
