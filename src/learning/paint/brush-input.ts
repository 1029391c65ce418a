import type { Scope } from '../../core/scope.ts';
import type { Brush, BrushSettings } from './brush.ts';
import { brushMarks } from './brush-marks.ts';
import type { MaskCanvas } from './mask-canvas.ts';
import type { MaskPlace } from './mask-geometry.ts';

/** Pixels that an arrow key moves the crosshair, and with Shift. */
const STEP = 6;
const FAR_STEP = 30;

export interface BrushInputOptions {
  readonly canvas: MaskCanvas;
  readonly settings: () => BrushSettings;
  /** Receives the place under the pointer or the crosshair; undefined: none. */
  readonly onPlace: (place: MaskPlace | undefined) => void;
}

/**
 * Pointer and keys on the mask canvas. The arrow keys move a crosshair, Enter or Space puts the pen down and lifts it,
 * Escape cancels its stroke.
 */
export function listenToBrush(scope: Scope, brush: Brush, { canvas, settings, onPlace }: BrushInputOptions): void {
  const { surface } = canvas;
  let crosshairShown = false;
  const show = (place: MaskPlace | undefined) => {
    onPlace(place);
    const { geometry, scale } = canvas;
    const visible = place && geometry.width > 0;
    const options = { geometry, scale, settings: settings(), corner: brush.corner, crosshair: crosshairShown };
    canvas.mark(visible ? brushMarks({ ...options, place }) : []);
  };
  const showCrosshair = () => {
    crosshairShown = true;
    show(brush.crosshair);
  };

  scope.listen(surface, 'pointerdown', (event) => {
    if (brush.holder !== undefined || event.button !== 0) return;
    surface.setPointerCapture(event.pointerId);
    crosshairShown = false;
    brush.down(event.pointerId, canvas.placeAt(event));
  });
  scope.listen(surface, 'pointermove', (event) => {
    // All places since the last event, so that a fast stroke is as round as a slow one.
    const events = event.getCoalescedEvents?.() ?? [];
    for (const one of events.length > 0 ? events : [event]) brush.move(event.pointerId, canvas.placeAt(one));
    crosshairShown = false;
    show(canvas.placeAt(event));
  });
  scope.listen(surface, 'pointerup', (event) => {
    brush.up(event.pointerId);
    show(canvas.placeAt(event));
  });
  scope.listen(surface, 'pointercancel', (event) => {
    brush.cancel(event.pointerId);
    show(undefined);
  });
  scope.listen(surface, 'pointerleave', () => brush.holder === undefined && show(undefined));
  scope.listen(surface, 'focus', () => surface.matches(':focus-visible') && showCrosshair());
  scope.listen(surface, 'blur', () => {
    brush.up('keyboard');
    crosshairShown = false;
    show(undefined);
  });
  scope.listen(surface, 'keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !handleKey(brush, event)) return;
    // On the page, these keys would play the song or move in it.
    event.preventDefault();
    showCrosshair();
  });
}

/** @returns whether the key belongs to the brush */
function handleKey(brush: Brush, { key, shiftKey, repeat }: KeyboardEvent): boolean {
  const step = shiftKey ? FAR_STEP : STEP;
  if (key === 'ArrowLeft') brush.moveCrosshair(-step, 0);
  else if (key === 'ArrowRight') brush.moveCrosshair(step, 0);
  else if (key === 'ArrowUp') brush.moveCrosshair(0, step);
  else if (key === 'ArrowDown') brush.moveCrosshair(0, -step);
  else if (key === 'Enter' || key === ' ') {
    // A key that is held down repeats itself.
    if (repeat) return true;
    if (brush.holder === 'keyboard') brush.up('keyboard');
    else brush.down('keyboard', brush.crosshair);
  } else if (key === 'Escape' && brush.holder === 'keyboard') brush.cancel('keyboard');
  else return false;
  return true;
}
