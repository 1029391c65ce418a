import { describe, expect, test } from 'vitest';
import { MaskGeometry } from '../../../src/learning/paint/mask-geometry.ts';

const scale = { frames: 100, bins: 100, firstBinHz: 10, binHz: 10, frameSeconds: 0.1 };
const options = { scale, view: { start: 2, span: 4 }, width: 400, height: 200 };

describe('MaskGeometry', () => {
  test('on a linear axis, shares of the canvas are shares of time and frequency', () => {
    const geometry = new MaskGeometry({ ...options, axis: 'linear' });
    // The axis reaches from 0 to 1010 Hz; bin 0 is at 10 Hz.
    expect(geometry.placeOf(0, 0)).toEqual({ frame: 20, bin: -1 });
    expect(geometry.placeOf(0.5, 1)).toEqual({ frame: 40, bin: 100 });
    expect(geometry.unitsOf({ frame: 30, bin: 49.5 })).toEqual({ x: 0.25, y: 0.5 });
  });

  test('beside the canvas, time goes on; above and below it, frequency does not', () => {
    const geometry = new MaskGeometry({ ...options, axis: 'linear' });
    expect(geometry.placeOf(-0.5, -1)).toEqual({ frame: 0, bin: -1 });
    expect(geometry.placeOf(1.5, 3)).toEqual({ frame: 80, bin: 100 });
  });

  test.each(['linear', 'log', 'mel'] as const)('on a %s axis, a place comes back from its units', (axis) => {
    const geometry = new MaskGeometry({ ...options, axis });
    const { x, y } = geometry.unitsOf({ frame: 33.3, bin: 20 });
    const place = geometry.placeOf(x, y);
    expect(place.frame).toBeCloseTo(33.3, 9);
    expect(place.bin).toBeCloseTo(20, 9);
  });

  test('a brush of some pixels covers as many frames everywhere, but fewer bins where a mel axis is wide', () => {
    const linear = new MaskGeometry({ ...options, axis: 'linear' });
    // 400 pixels show 40 frames, 200 pixels 1010 Hz.
    expect(linear.radiusAt({ frame: 40, bin: 50 }, 10).radiusFrames).toBeCloseTo(1, 9);
    expect(linear.radiusAt({ frame: 40, bin: 50 }, 10).radiusBins).toBeCloseTo(5.05, 9);
    const mel = new MaskGeometry({ ...options, axis: 'mel' });
    const bins = (bin: number) => mel.radiusAt({ frame: 40, bin }, 10).radiusBins;
    expect(bins(20)).toBeLessThan(bins(80));
  });
});
