import { inflateSync } from 'node:zlib';
import { encode } from 'fast-png';
import { describe, expect, test } from 'vitest';
import { maskToPng, pngToMask } from '../../src/separation/mask-png.ts';

const size = { frames: 7, bins: 5 };
const cells = Uint16Array.from({ length: 35 }, (_, n) => (n * 9973) % 65536);

describe('a mask as a PNG', () => {
  test('is a greyscale PNG of 16 bits, with time to the right and frequency upwards', () => {
    const png = Buffer.from(maskToPng(cells, size));
    // The header after the PNG specification, section 11.2.2: width, height, depth, colour type 0 (greyscale).
    expect([png.readUInt32BE(16), png.readUInt32BE(20), png[24], png[25]]).toEqual([7, 5, 16, 0]);
    const start = png.indexOf('IDAT') + 4;
    const rows = inflateSync(png.subarray(start, start + png.readUInt32BE(start - 8)));
    // The last row is the lowest bin. Its first byte is 0: no filter.
    const last = 4 * (1 + 2 * 7);
    expect(rows[last]).toBe(0);
    for (let frame = 0; frame < 7; frame++) expect(rows.readUInt16BE(last + 1 + 2 * frame)).toBe(cells[frame * 5]);
  });

  test('is read back cell by cell', () => {
    expect(pngToMask(maskToPng(cells, size), size)).toEqual(cells);
  });

  test('is read as grey from eight bits and from colours', () => {
    const grey = encode({ width: 2, height: 1, data: Uint8Array.of(255, 51), depth: 8, channels: 1 });
    expect([...pngToMask(grey, { frames: 2, bins: 1 })]).toEqual([65535, 13107]);
    const data = Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 0);
    const colours = encode({ width: 2, height: 1, data, depth: 8, channels: 4 });
    expect([...pngToMask(colours, { frames: 2, bins: 1 })]).toEqual([65535, 0]);
  });

  test('is stretched over the song when its size differs', () => {
    const grey = encode({ width: 2, height: 1, data: Uint8Array.of(0, 255), depth: 8, channels: 1 });
    const mask = pngToMask(grey, { frames: 8, bins: 3 });
    expect([mask[0], mask[23]]).toEqual([0, 65535]);
    expect([...mask]).toEqual([...mask].sort((a, b) => a - b));
  });

  test('is rejected with a message when it is not a PNG', () => {
    expect(() => pngToMask(new Uint8Array(40), size)).toThrow('cannot be read as a PNG');
  });
});
