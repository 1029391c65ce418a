import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  columnSeconds,
  imageShape,
  LeastRecentlyUsed,
  levelFor,
  TILE_COLUMNS,
  tileAt,
  tileShows,
  tileSpan,
  tilesIn,
} from '../../../src/ui/spectrogram/tile-math.ts';
import { wholeSong } from '../../../src/ui/timeline/viewport.ts';

/** Four minutes as the paper's network sees them: 8192 Hz, hop 768. */
const frames = Math.ceil((240 * 8192) / 768);
const scale = { frames, bins: 512, firstBinHz: 8, binHz: 8, frameSeconds: 768 / 8192 };
const shape = imageShape(scale);

describe('levels', () => {
  test('halve down to one tile', () => {
    expect(shape).toEqual({ reduction: 0, columns: [2560, 1280, 640, 320, 160] });
    expect(imageShape({ frames: 1, bins: 512 })).toEqual({ reduction: 0, columns: [1] });
  });

  test('have about a column a pixel, from the whole song to single frames', () => {
    expect(levelFor(scale, shape, wholeSong(240), 1280)).toBe(1);
    expect(levelFor(scale, shape, wholeSong(240), 100)).toBe(4);
    expect(levelFor(scale, shape, { start: 100, span: 0.25, duration: 240 }, 1280)).toBe(0);
    for (let span = 240; span > 1; span /= 1.1) {
      const level = levelFor(scale, shape, { start: 0, span, duration: 240 }, 1280);
      const perPixel = span / columnSeconds(scale, shape, level) / 1280;
      expect(perPixel).toBeLessThan(1.42);
      if (level > 0) expect(perPixel).toBeGreaterThan(0.7);
    }
  });
});

describe('tiles', () => {
  test('cover every view without a gap, in no more than fit on it', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0.25, max: 240, noNaN: true }),
        fc.integer({ min: 200, max: 3400 }),
        (place, span, pixels) => {
          const view = { start: place * (240 - span), span, duration: 240 };
          const level = levelFor(scale, shape, view, pixels);
          const tiles = [...tilesIn({ scale, shape }, view, level)].sort((a, b) => a.index - b.index);
          const spans = tiles.map((tile) => tileSpan(scale, shape, tile));
          expect(spans[0].start).toBeLessThanOrEqual(view.start);
          expect(spans.at(-1)?.end).toBeGreaterThanOrEqual(Math.min(view.start + span, spans.at(-1)?.end ?? 0));
          for (let n = 1; n < spans.length; n++) expect(spans[n].start).toBeCloseTo(spans[n - 1].end, 9);
          expect(tiles.length).toBeLessThanOrEqual((1.42 * pixels) / TILE_COLUMNS + 2);
        },
      ),
    );
  });

  test('begin half a frame before the moment that their first frame is centred on', () => {
    const { start, end } = tileSpan(scale, shape, tileAt(shape, 0, 1));
    expect(start).toBeCloseTo((256 - 0.5) * scale.frameSeconds, 12);
    expect(end).toBeCloseTo((512 - 0.5) * scale.frameSeconds, 12);
    expect(tileAt(shape, 1, 4)).toEqual({ level: 1, index: 4, firstColumn: 1024, columns: 256 });
    expect(tileAt(shape, 4, 0).columns).toBe(160);
  });

  test('of the middle come first', () => {
    const view = { start: 0, span: 240, duration: 240 };
    expect(tilesIn({ scale, shape }, view, 0).map((tile) => tile.index)).toEqual([4, 5, 3, 6, 2, 7, 1, 8, 0, 9]);
    expect(tilesIn({ scale, shape }, { ...view, start: 100, span: 1 }, 0, 1).map((tile) => tile.index)).toEqual([
      4, 3, 5,
    ]);
  });

  test('are painted again when frames of theirs are written, and only then', () => {
    const tile = tileAt(shape, 2, 1);
    expect(tileShows(shape, tile, 0, 1024)).toBe(false);
    expect(tileShows(shape, tile, 1000, 1025)).toBe(true);
    expect(tileShows(shape, tile, 2047, 2048)).toBe(true);
    expect(tileShows(shape, tile, 2048, 2100)).toBe(false);
  });
});

describe('LeastRecentlyUsed', () => {
  test('forgets what was not used for longest', () => {
    const forgotten: number[] = [];
    const kept = new LeastRecentlyUsed<number>(2, (value) => forgotten.push(value));
    kept.keep('a', 1);
    kept.keep('b', 2);
    expect(kept.use('a')).toBe(1);
    kept.keep('c', 3);
    expect(forgotten).toEqual([2]);
    expect(kept.use('b')).toBeUndefined();
    kept.clear();
    expect(forgotten).toEqual([2, 1, 3]);
    expect(kept.size).toBe(0);
  });
});
