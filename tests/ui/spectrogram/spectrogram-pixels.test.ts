import { describe, expect, test } from 'vitest';
import { magma, NEUTRAL, signedMap, viridis } from '../../../src/ui/spectrogram/colour-maps.ts';
import { cellByte, SPECTROGRAM_KINDS } from '../../../src/ui/spectrogram/spectrogram-image.ts';
import { paintColumns } from '../../../src/ui/spectrogram/spectrogram-pixels.ts';
import { DEFAULT_STYLE, levelWeights } from '../../../src/ui/spectrogram/spectrogram-style.ts';

const level = {
  columns: 3,
  mixture: Uint8Array.of(10, 100, 200, 255, 0, 50, 150, 250, 30, 60, 90, 120),
  mask: Uint8Array.of(255, 128, 64, 0, 255, 200, 100, 10, 255, 255, 0, 0),
};

const weights = levelWeights({ ...DEFAULT_STYLE, floorDb: -80 });
const evenly = new Float32Array(256).fill(1);

describe('paintColumns', () => {
  test.each(SPECTROGRAM_KINDS.filter((kind) => kind !== 'difference'))(
    'paints the values of the %s, high frequencies at the top',
    (kind) => {
      const out = new Uint32Array(2 * 4);
      const rows = { rows: 4, from: Int32Array.of(3, 2, 1, 0), to: Int32Array.of(4, 3, 2, 1) };
      paintColumns(
        { kind, level, bins: 4, firstColumn: 1, count: 2, rows, colours: magma.pixels, weights: evenly },
        out,
      );
      for (let column = 0; column < 2; column++) {
        for (let row = 0; row < 4; row++) {
          const cell = (1 + column) * 4 + (3 - row);
          const value = cellByte(kind, level.mixture[cell], level.mask[cell]);
          expect(out[row * 2 + column]).toBe(magma.pixels[value]);
        }
      }
    },
  );

  test('shows the mean where a row covers several bins', () => {
    const out = new Uint32Array(1);
    const rows = { rows: 1, from: Int32Array.of(0), to: Int32Array.of(4) };
    const order = { level, bins: 4, firstColumn: 0, count: 1, rows, colours: viridis.pixels, weights: evenly };
    paintColumns({ kind: 'mask', ...order }, out);
    expect(out[0]).toBe(viridis.pixels[Math.round((255 + 128 + 64 + 0) / 4)]);
  });

  test.each(SPECTROGRAM_KINDS)('shows the ground of the %s in rows without bins', (kind) => {
    const out = new Uint32Array(2);
    const rows = { rows: 2, from: Int32Array.of(0, 0), to: Int32Array.of(0, 1) };
    const colours = kind === 'difference' ? signedMap.pixels : magma.pixels;
    paintColumns({ kind, level, bins: 4, firstColumn: 0, count: 1, rows, colours, weights: evenly }, out);
    expect(out[0]).toBe(colours[kind === 'difference' ? NEUTRAL : 0]);
  });

  test('dims the mask where the mixture is quiet', () => {
    const out = new Uint32Array(3);
    const rows = { rows: 3, from: Int32Array.of(2, 1, 0), to: Int32Array.of(3, 2, 1) };
    // Silence, −65 dB, and full scale; from −80 to 0 dB, 15 dB over the floor are 1.5 · 15 / 80 of the weight.
    const cells = { columns: 1, mixture: Uint8Array.of(0, 89.25, 255), mask: Uint8Array.of(255, 255, 255) };
    const order = { level: cells, bins: 3, firstColumn: 0, count: 1, rows, colours: viridis.pixels, weights };
    paintColumns({ kind: 'mask', ...order }, out);
    const shares = [...out].reverse().map((pixel) => viridis.pixels.indexOf(pixel) / 255);
    expect(shares[0]).toBe(0);
    expect(shares[1]).toBeCloseTo((1.5 * 15) / 80, 1);
    expect(shares[2]).toBe(1);
  });

  test('paints the difference by who is louder, and not where nothing sounds', () => {
    const out = new Uint32Array(4);
    const rows = { rows: 4, from: Int32Array.of(3, 2, 1, 0), to: Int32Array.of(4, 3, 2, 1) };
    const cells = {
      columns: 1,
      mixture: Uint8Array.of(255, 255, 255, 0),
      // 0.9, 0.1 and 0.5 of the mixture: 20 · log10(9) = 19.08 dB, as much below, and 0 dB; of 40 dB.
      mask: Uint8Array.of(229.5, 25.5, 127.5, 255),
    };
    const order = { level: cells, bins: 4, firstColumn: 0, count: 1, rows, colours: signedMap.pixels, weights };
    paintColumns({ kind: 'difference', ...order }, out);
    const step = (127 * 19.08) / 40;
    const entries = [...out].reverse().map((pixel) => signedMap.pixels.indexOf(pixel) - NEUTRAL);
    expect(Math.abs(entries[0] - step)).toBeLessThan(1.5);
    expect(Math.abs(entries[1] + step)).toBeLessThan(1.5);
    expect(Math.abs(entries[2])).toBeLessThan(1);
    expect(entries[3]).toBe(0);
  });
});
