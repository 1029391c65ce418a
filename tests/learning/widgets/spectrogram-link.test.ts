import { describe, expect, test, vi } from 'vitest';
import { SpectrogramLink } from '../../../src/learning/widgets/spectrogram-link.ts';

const grid = { frames: 100, bins: 10, firstBinHz: 100, binHz: 100, frameSeconds: 0.1 };

describe('SpectrogramLink', () => {
  test('zooms round the cursor, or round the middle', () => {
    const link = new SpectrogramLink(10);
    const view = vi.fn();
    link.on('view', view);
    link.zoomAtCursor(2);
    expect(link.view).toEqual({ start: 2.5, span: 5, duration: 10 });
    link.cursor = { seconds: 3, hz: 440 };
    link.zoomAtCursor(2);
    expect(link.view).toEqual({ start: 2.75, span: 2.5, duration: 10 });
    expect(view).toHaveBeenCalledTimes(2);
  });

  test('an excerpt’s rulers begin at its moment of the song', () => {
    const link = new SpectrogramLink(10);
    link.reset(6, 30);
    link.reset(6);
    expect([link.view.duration, link.offset]).toEqual([6, 30]);
  });

  test('arrow keys begin in the middle and go cell by cell, to the edges', () => {
    const link = new SpectrogramLink(10);
    link.moveCursor(grid, 1, -1, 500);
    expect(link.cursor).toEqual({ seconds: 5.1, hz: 400 });
    link.moveCursor(grid, 0, -50, 500);
    expect(link.cursor?.hz).toBe(100);
    link.moveCursor(grid, 0, 50, 500);
    expect(link.cursor?.hz).toBe(1000);
    link.moveCursor(grid, -500, 0, 500);
    expect(link.cursor?.seconds).toBe(0);
  });

  test('the view follows a cursor that leaves it', () => {
    const link = new SpectrogramLink(10);
    link.zoom(5, 0);
    expect(link.view).toMatchObject({ start: 0, span: 2 });
    link.cursor = { seconds: 1.9, hz: 500 };
    link.moveCursor(grid, 6, 0, 500);
    expect(link.cursor?.seconds).toBeCloseTo(2.5, 9);
    expect(link.view.start).toBeCloseTo(0.5, 9);
    link.moveCursor(grid, -25, 0, 500);
    expect(link.view.start).toBe(0);
  });
});
