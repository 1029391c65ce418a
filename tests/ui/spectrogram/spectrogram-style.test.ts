import { describe, expect, test } from 'vitest';
import { COLOUR_MAPS } from '../../../src/ui/spectrogram/colour-maps.ts';
import { levelByte } from '../../../src/ui/spectrogram/spectrogram-image.ts';
import { DEFAULT_STYLE, parseStyle, pixelTable, withRange } from '../../../src/ui/spectrogram/spectrogram-style.ts';

const byteOf = (decibels: number) => levelByte(10 ** (decibels / 20));

describe('the range of levels', () => {
  test('spreads the colours between its ends', () => {
    const table = pixelTable('vocals', { ...DEFAULT_STYLE, floorDb: -60, ceilingDb: -20 });
    const { pixels } = COLOUR_MAPS.magma;
    for (const [decibels, entry] of [
      [-100, 0],
      [-61, 0],
      [-40, 128],
      [-19, 255],
      [0, 255],
    ]) {
      expect(Math.abs(pixels.indexOf(table[byteOf(decibels)]) - entry)).toBeLessThanOrEqual(2);
    }
  });

  test('does not touch the mask, which has no decibels', () => {
    expect(pixelTable('mask', { ...DEFAULT_STYLE, floorDb: -60 })).toBe(COLOUR_MAPS.viridis.pixels);
  });

  test('keeps its ends in order and apart', () => {
    expect(withRange({ ...DEFAULT_STYLE, ceilingDb: -50 }, 'floorDb', -30)).toMatchObject({
      floorDb: -30,
      ceilingDb: -20,
    });
    expect(withRange(DEFAULT_STYLE, 'ceilingDb', -500)).toMatchObject({ floorDb: -80, ceilingDb: -60 });
    expect(withRange({ ...DEFAULT_STYLE, floorDb: -40 }, 'ceilingDb', -45)).toMatchObject({
      floorDb: -55,
      ceilingDb: -45,
    });
  });
});

describe('a remembered style', () => {
  test('comes back as it was', () => {
    const style = { axis: 'mel', map: 'cividis', floorDb: -70, ceilingDb: -10, dimMask: false } as const;
    expect(parseStyle(JSON.stringify(style))).toEqual(style);
  });

  test('is the first one where there is none, or none that makes sense', () => {
    for (const text of [undefined, '', 'null', '[1]', '{"map":"toString","axis":3,"floorDb":"x","ceilingDb":null}']) {
      expect(parseStyle(text)).toEqual(DEFAULT_STYLE);
    }
    expect(parseStyle('{"floorDb":-1e9,"ceilingDb":1e9}')).toEqual({ ...DEFAULT_STYLE, floorDb: -100 });
  });
});
