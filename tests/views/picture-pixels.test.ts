import { describe, expect, test } from 'vitest';
import { magma, viridis } from '../../src/views/colour-maps.ts';
import { paintColumns } from '../../src/views/picture-pixels.ts';
import { cellByte, PICTURE_KINDS } from '../../src/views/spectrogram-image.ts';

const level = {
  columns: 3,
  mixture: Uint8Array.of(10, 100, 200, 255, 0, 50, 150, 250, 30, 60, 90, 120),
  mask: Uint8Array.of(255, 128, 64, 0, 255, 200, 100, 10, 255, 255, 0, 0),
};

describe('paintColumns', () => {
  test.each(PICTURE_KINDS)('paints the values of the %s, high frequencies at the top', (kind) => {
    const out = new Uint32Array(2 * 4);
    const rows = { rows: 4, from: Int32Array.of(3, 2, 1, 0), to: Int32Array.of(4, 3, 2, 1) };
    paintColumns(kind, level, 4, 1, 2, rows, magma.pixels, out);
    for (let column = 0; column < 2; column++) {
      for (let row = 0; row < 4; row++) {
        const cell = (1 + column) * 4 + (3 - row);
        const value = cellByte(kind, level.mixture[cell], level.mask[cell]);
        expect(out[row * 2 + column]).toBe(magma.pixels[value]);
      }
    }
  });

  test('shows the mean where a row covers several bins', () => {
    const out = new Uint32Array(1);
    paintColumns(
      'mask',
      level,
      4,
      0,
      1,
      { rows: 1, from: Int32Array.of(0), to: Int32Array.of(4) },
      viridis.pixels,
      out,
    );
    expect(out[0]).toBe(viridis.pixels[Math.round((255 + 128 + 64 + 0) / 4)]);
  });
});

describe('the colour maps', () => {
  // matplotlib 3.x: numpy.round(255 · colormaps[name].colors[i]) for i = 0, 128, 255.
  test('are matplotlib’s magma and viridis', () => {
    const at = (rgb: Uint8Array) => [0, 128, 255].map((i) => [...rgb.subarray(3 * i, 3 * i + 3)]);
    expect(at(magma.rgb)).toEqual([
      [0, 0, 4],
      [183, 55, 121],
      [252, 253, 191],
    ]);
    expect(at(viridis.rgb)).toEqual([
      [68, 1, 84],
      [33, 145, 140],
      [253, 231, 37],
    ]);
  });

  test('become lighter with every value: brightness alone tells the level', () => {
    for (const { rgb } of [magma, viridis]) {
      const light = (i: number) => 0.2126 * rgb[3 * i] + 0.7152 * rgb[3 * i + 1] + 0.0722 * rgb[3 * i + 2];
      for (let i = 8; i < 256; i += 8) expect(light(i)).toBeGreaterThan(light(i - 8));
    }
  });

  test('are opaque pixels in the byte order of ImageData', () => {
    expect([...new Uint8Array(Uint32Array.of(magma.pixels[128]).buffer)]).toEqual([183, 55, 121, 255]);
  });
});
