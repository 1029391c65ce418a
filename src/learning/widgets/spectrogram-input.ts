import type { Scope } from '../../core/scope.ts';
import { type FrequencyAxis, hzOfUnit } from '../../ui/spectrogram/frequency-axis.ts';
import { timeAt } from '../../ui/timeline/viewport.ts';
import type { CellGrid } from './cells.ts';
import type { SpectrogramLink } from './spectrogram-link.ts';

/** What the canvas shows now. */
type Shown = () => { readonly grid: CellGrid; readonly axis: FrequencyAxis } | undefined;

/** Cells that an arrow key moves the cursor by, and with Shift. */
const STEP = 1;
const FAR_STEP = 10;

/**
 * Pointer, wheel and keys on a spectrogram: the pointer and the arrow keys move the cursor; dragging pans; the wheel with
 * Ctrl and the keys +, − and 0 zoom.
 */
export function listenToSpectrogram(
  scope: Scope,
  canvas: HTMLCanvasElement,
  link: SpectrogramLink,
  shown: Shown,
): void {
  listenToPointer(scope, canvas, link, shown);
  scope.listen(
    canvas,
    'wheel',
    (event) => {
      const box = canvas.getBoundingClientRect();
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        link.zoom(1.0015 ** -event.deltaY, timeAt(link.view, (event.clientX - box.left) / box.width));
      } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault();
        link.pan((event.deltaX / box.width) * link.view.span);
      }
    },
    { passive: false },
  );
  scope.listen(canvas, 'keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !handleKey(event, link, shown)) return;
    event.preventDefault();
  });
}

function listenToPointer(scope: Scope, canvas: HTMLCanvasElement, link: SpectrogramLink, shown: Shown): void {
  let drag: { readonly x: number; moved: number } | undefined;
  const point = (event: PointerEvent) => {
    const axis = shown()?.axis;
    if (!axis) return;
    const box = canvas.getBoundingClientRect();
    const unit = (value: number) => Math.min(1, Math.max(0, value));
    link.cursor = {
      seconds: timeAt(link.view, unit((event.clientX - box.left) / box.width)),
      hz: hzOfUnit(axis, unit((box.bottom - event.clientY) / box.height)),
    };
  };
  scope.listen(canvas, 'pointerdown', (event) => {
    drag = { x: event.clientX, moved: 0 };
    point(event);
  });
  scope.listen(canvas, 'pointermove', (event) => {
    if (drag && event.buttons === 1 && event.pointerType === 'mouse') {
      canvas.setPointerCapture(event.pointerId);
      const pixels = event.clientX - drag.x - drag.moved;
      drag.moved += pixels;
      link.pan((-pixels * link.view.span) / Math.max(1, canvas.clientWidth));
    }
    point(event);
  });
  scope.listen(canvas, 'pointerup', () => {
    drag = undefined;
  });
  scope.listen(canvas, 'pointerleave', (event) => {
    // A finger that is lifted leaves, too: its reading stays.
    if (event.pointerType === 'mouse') link.cursor = undefined;
  });
}

/** @returns whether the key belongs to the spectrogram */
function handleKey({ key, shiftKey }: KeyboardEvent, link: SpectrogramLink, shown: Shown): boolean {
  const now = shown();
  if (!now) return false;
  const step = shiftKey ? FAR_STEP : STEP;
  const move = (frames: number, bins: number) => link.moveCursor(now.grid, frames, bins, hzOfUnit(now.axis, 0.5));
  if (key === 'ArrowLeft') move(-step, 0);
  else if (key === 'ArrowRight') move(step, 0);
  else if (key === 'ArrowUp') move(0, step);
  else if (key === 'ArrowDown') move(0, -step);
  else if (key === '+' || key === '=') link.zoomAtCursor(1.5);
  else if (key === '-' || key === '_') link.zoomAtCursor(1 / 1.5);
  else if (key === '0') link.reset(link.view.duration);
  else return false;
  return true;
}
