import type { ColourMap } from '../../ui/spectrogram/colour-maps.ts';

/** Bytes below 128: the input, in grey. From 128: influence, from dark to light orange. */
export const receptiveFieldMap: ColourMap = mapOf((entry) => {
  if (entry < 128) return [entry, entry, entry].map((value) => Math.round(1.15 * value));
  const share = (entry - 128) / 127;
  return [120 + 135 * share, 40 + 170 * share, 20 + 110 * share ** 2].map(Math.round);
});

function mapOf(colour: (entry: number) => number[]): ColourMap {
  const rgb = Uint8Array.from(Array.from({ length: 256 }, (_, entry) => colour(entry)).flat());
  const pixels = Uint32Array.from(
    { length: 256 },
    (_, i) => ((255 << 24) | (rgb[3 * i + 2] << 16) | (rgb[3 * i + 1] << 8) | rgb[3 * i]) >>> 0,
  );
  return { rgb, pixels };
}

/** Levels of magnitudes as bytes: the greatest is 255, 90 dB below it is 0. */
export function levelBytes(magnitudes: Float32Array): Uint8Array<ArrayBuffer> {
  const most = magnitudes.reduce((a, b) => Math.max(a, b), 1e-9);
  return Uint8Array.from(magnitudes, (value) =>
    Math.max(0, Math.round(255 * (1 + (20 * Math.log10(Math.max(value, 1e-12) / most)) / 90))),
  );
}

/**
 * The input, and over it all cells with at least 1 % of the greatest influence, as bytes for {@link receptiveFieldMap}.
 *
 * @param levels of the input, as bytes
 * @param gradient influence of each cell; undefined: the input alone
 */
export function fieldBytes(levels: Uint8Array, gradient: Float32Array | undefined): Uint8Array {
  const most = gradient?.reduce((a, b) => Math.max(a, b), 0) ?? 0;
  return levels.map((level, n) =>
    gradient && most > 0 && gradient[n] >= 0.01 * most
      ? 128 + Math.round(127 * Math.sqrt(gradient[n] / most))
      : level >> 1,
  );
}
