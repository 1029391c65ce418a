import { describe, expect, test, vi } from 'vitest';
import { Brush, type BrushSettings } from '../../../src/learning/paint/brush.ts';
import { MaskGeometry } from '../../../src/learning/paint/mask-geometry.ts';
import { MaskEdit } from '../../../src/songs/painting/mask-edit.ts';
import { ONE, StoredMask } from '../../../src/songs/storage/stored-mask.ts';

/** Bin n is at 10·(n + 1) Hz. */
const scale = { frames: 40, bins: 100, firstBinHz: 10, binHz: 10, frameSeconds: 0.1 };

function open(changes: Partial<BrushSettings> = {}) {
  const kept = new StoredMask(scale);
  const half = new Float32Array(scale.frames * scale.bins).fill(0.5);
  kept.write({ firstFrame: 0, frames: scale.frames, bins: scale.bins, mask: half, mixture: half });
  const edit = new MaskEdit(kept);
  // 10 pixels are a frame, and 2 pixels 1 bin.
  const geometry = new MaskGeometry({ scale, view: { start: 0, span: 4 }, axis: 'linear', width: 400, height: 202 });
  const settings: BrushSettings = { tool: 'brush', size: 10, feather: 0, value: 1, ...changes };
  const brush = new Brush({ edit, geometry: () => geometry, settings: () => settings });
  const at = (frame: number, bin: number) => Math.round((100 * edit.row(frame)[bin]) / ONE) / 100;
  return { edit, brush, at };
}

describe('Brush', () => {
  test('paints its value from where the pen goes down to where it is lifted', () => {
    const { brush, at, edit } = open();
    brush.down(1, { frame: 10, bin: 50 });
    brush.move(1, { frame: 14, bin: 50 });
    brush.up(1);
    expect([9, 10, 12, 15, 16].map((frame) => at(frame, 50))).toEqual([1, 1, 1, 1, 0.5]);
    expect([54, 55, 56].map((bin) => at(12, bin))).toEqual([1, 1, 0.5]);
    // One stroke, one step.
    edit.undo();
    expect([at(12, 50), edit.canUndo]).toEqual([0.5, false]);
  });

  test('the eraser paints 0, whatever the value', () => {
    const { brush, at } = open({ tool: 'eraser', value: 0.7 });
    brush.down(1, { frame: 10, bin: 50 });
    brush.up(1);
    expect(at(10, 50)).toBe(0);
  });

  test('a box is painted when the pen is lifted, in whichever direction it was drawn', () => {
    const { brush, at } = open({ tool: 'box', value: 0.2 });
    brush.down(1, { frame: 20, bin: 30 });
    brush.move(1, { frame: 10, bin: 40 });
    expect([brush.corner, at(15, 35)]).toEqual([{ frame: 20, bin: 30 }, 0.5]);
    brush.up(1);
    expect([at(10, 30), at(15, 35), at(20, 40), at(21, 35), at(15, 41)]).toEqual([0.2, 0.2, 0.2, 0.5, 0.5]);
    expect(brush.corner).toBeUndefined();
  });

  test('the harmonic brush paints the multiples of a tone, and leaves what is between them', () => {
    const { brush, at } = open({ tool: 'harmonics' });
    // 200 Hz: overtones at 400, 600, 800, 1000.
    brush.down(1, { frame: 10, bin: 19 });
    brush.up(1);
    expect([200, 400, 600, 800].map((hz) => at(10, hz / 10 - 1))).toEqual([1, 1, 1, 1]);
    expect([300, 500, 700].map((hz) => at(10, hz / 10 - 1))).toEqual([0.5, 0.5, 0.5]);
  });

  test('cancelling takes the stroke back, and leaves no step', () => {
    const { brush, at, edit } = open();
    brush.down('keyboard', { frame: 10, bin: 50 });
    expect(at(10, 50)).toBe(1);
    brush.cancel('keyboard');
    expect([at(10, 50), edit.canUndo, brush.holder]).toEqual([0.5, false, undefined]);
  });

  test('while one pointer paints, others and the keyboard do not', () => {
    const { brush, at } = open();
    const pen = vi.fn();
    brush.on('pen', pen);
    brush.down(1, { frame: 10, bin: 50 });
    brush.down(2, { frame: 30, bin: 50 });
    brush.move(2, { frame: 30, bin: 50 });
    brush.up(2);
    brush.cancel('keyboard');
    expect([brush.holder, at(30, 50)]).toEqual([1, 0.5]);
    brush.up(1);
    expect(pen.mock.calls).toEqual([
      [true, 1],
      [false, 1],
    ]);
  });

  test('the keyboard paints with a crosshair that stays on the canvas', () => {
    const { brush, at } = open();
    expect(brush.crosshair.frame).toBe(20);
    expect(brush.crosshair.bin).toBeCloseTo(49.5, 9);
    brush.moveCrosshair(-40, 1);
    expect(at(16, 50)).toBe(0.5);
    brush.down('keyboard', brush.crosshair);
    brush.moveCrosshair(60, 0);
    brush.up('keyboard');
    expect([16, 19, 22].map((frame) => at(frame, 50))).toEqual([1, 1, 1]);
    brush.moveCrosshair(0, 1000);
    expect(brush.crosshair.bin).toBe(100);
  });

  test('a crosshair at the edge asks for what lies beyond it, unless the pen is down', () => {
    const { brush } = open();
    const edge = vi.fn();
    brush.on('edge', edge);
    brush.moveCrosshair(250, 0);
    brush.moveCrosshair(-500, 0);
    expect(edge.mock.calls).toEqual([[1], [-1]]);
    brush.down('keyboard', brush.crosshair);
    brush.moveCrosshair(-500, 0);
    expect(edge).toHaveBeenCalledTimes(2);
  });
});
