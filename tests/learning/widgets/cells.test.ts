import { expect, test } from 'vitest';
import { cellAt, paintCells } from '../../../src/learning/widgets/cells.ts';

const grid = { frames: 10, bins: 5, firstBinHz: 100, binHz: 20, frameSeconds: 0.5 };

test('the cell at a place is the one whose centre is nearest', () => {
  expect(cellAt(grid, 0, 100)).toEqual({ frame: 0, bin: 0 });
  expect(cellAt(grid, 1.26, 151)).toEqual({ frame: 3, bin: 3 });
  for (const [seconds, hz] of [
    [-0.3, 100],
    [4.8, 100],
    [0, 89],
    [0, 191],
  ]) {
    expect(cellAt(grid, seconds, hz)).toBeUndefined();
  }
});

test('a row that covers several bins shows their mean', () => {
  const values = Uint8Array.of(10, 20, 30, 40, 50, 60);
  const rows = { rows: 2, from: Int32Array.of(1, 0), to: Int32Array.of(3, 1) };
  const out = new Uint32Array(4);
  paintCells(
    { values, frames: 2, bins: 3 },
    rows,
    Uint32Array.from({ length: 256 }, (_, n) => 1000 + n),
    out,
  );
  expect([...out]).toEqual([1025, 1055, 1010, 1040]);
});
