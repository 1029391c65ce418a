import { describe, expect, test } from 'vitest';
import { coverLine } from '../../../src/dsp/mask-paint.ts';
import { MaskEdit } from '../../../src/songs/painting/mask-edit.ts';
import { ONE, StoredMask } from '../../../src/songs/storage/stored-mask.ts';

const scale = { frames: 20, bins: 10, firstBinHz: 0, binHz: 1, frameSeconds: 1 };
const brush = { radiusFrames: 1, radiusBins: 1, feather: 0 };

function edit(separated = 20): MaskEdit {
  const kept = new StoredMask(scale);
  const mask = new Float32Array(separated * 10).fill(0.5);
  kept.write({ firstFrame: 0, frames: separated, bins: 10, mask, mixture: mask });
  return new MaskEdit(kept);
}

const dab = (target: MaskEdit, frame: number, bin: number) =>
  target.stroke((cover) => coverLine(scale, { from: { frame, bin }, to: { frame, bin } }, brush, cover));

describe('MaskEdit', () => {
  test('paints towards the step’s value and reports which frames changed', () => {
    const painted = edit();
    const told: number[][] = [];
    painted.on('changed', (...range) => told.push(range));
    painted.begin(1);
    dab(painted, 10, 5);
    painted.end();
    expect([painted.row(10)[5], painted.row(9)[5], painted.row(8)[5]]).toEqual([ONE, ONE, ONE / 2 + 0.5]);
    expect(told).toEqual([[9, 12]]);
  });

  test('replaces painted columns of a spectrogram and no others', () => {
    const painted = edit();
    painted.begin(1);
    dab(painted, 10, 5);
    painted.end();
    const columns = (painted.kept as StoredMask).columns(8, 12);
    const { mask, mixture } = painted.over(columns);
    expect([8, 9, 10, 11].map((frame) => mask[10 * (frame - 8) + 5])).toEqual([columns.mask[5], 1, 1, 1]);
    expect(mask[10 * 2]).toBe(columns.mask[10 * 2]);
    expect(mixture).toBe(columns.mixture);
    painted.undo();
    expect(painted.over(columns)).toBe(columns);
  });

  test('undoes a whole stroke in one step, and redoes it', () => {
    const painted = edit();
    painted.begin(0);
    dab(painted, 5, 5);
    dab(painted, 6, 5);
    painted.end();
    painted.begin(1);
    dab(painted, 6, 5);
    painted.end();
    expect(painted.undo()).toBe(true);
    expect([painted.row(5)[5], painted.row(6)[5]]).toEqual([0, 0]);
    painted.undo();
    expect([painted.touched, painted.canUndo, painted.canRedo]).toEqual([false, false, true]);
    painted.redo();
    painted.redo();
    expect([painted.row(5)[5], painted.row(6)[5], painted.redo()]).toEqual([ONE, ONE, false]);
  });

  test('a soft brush paints a place once, even if a stroke crosses it twice', () => {
    const painted = edit();
    const half = () => painted.stroke((cover) => cover(4, 4, 0.5));
    painted.begin(0);
    half();
    half();
    painted.end();
    expect(painted.row(4)[4]).toBe(Math.round(0.25 * ONE + 0.25));
  });

  test('a cancelled step leaves nothing, not even to undo', () => {
    const painted = edit();
    painted.begin(1);
    dab(painted, 6, 5);
    painted.cancel();
    expect([painted.touched, painted.canUndo, painted.row(6)[5]]).toEqual([false, false, painted.kept.row(6)[5]]);
  });

  test('“All”, “None” and a loaded mask are steps; “Network’s mask” restores every cell', () => {
    const painted = edit();
    painted.fill(1);
    painted.fill(0);
    painted.load(new Uint16Array(200).fill(77));
    expect(painted.row(19)[9]).toBe(77);
    painted.restore();
    expect([painted.touched, painted.row(19)[9]]).toEqual([false, painted.kept.row(19)[9]]);
    for (const value of [77, 0, ONE]) {
      painted.undo();
      expect(painted.row(7)[3]).toBe(value);
    }
  });

  test('changes neither cells that are not separated nor their neighbours', () => {
    const painted = edit(10);
    painted.fill(1);
    expect([painted.row(7)[0], painted.row(8)[0], painted.row(12)[0]]).toEqual([ONE, painted.kept.row(8)[0], 0]);
  });

  test('drops the oldest steps', () => {
    const painted = edit();
    for (let n = 0; n < 250; n++) {
      painted.begin(n % 2);
      dab(painted, 5, 5);
      painted.end();
    }
    let steps = 0;
    while (painted.undo()) steps++;
    expect(steps).toBe(200);
  });
});
