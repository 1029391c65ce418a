import type { Scope } from '../../core/scope.ts';

/** A pointer that moves less, in pixels, still clicks. */
const CLICK_PIXELS = 5;

/** Two fingers that are closer than this horizontally, in pixels, do not zoom: one may lie above the other. */
const PINCH_PIXELS = 20;

/** What pointers and wheel do on the plots. `unit` is the horizontal place on a plot, 0 (left) to 1 (right). */
export interface GestureActions {
  /** A click or a tap. */
  readonly tap: (unit: number) => void;
  /** A drag moved by `delta` units, to `unit`. */
  readonly drag: (delta: number, unit: number) => void;
  /** The wheel with Ctrl, or a touchpad's pinch: zooms by `factor` round `unit`. */
  readonly zoom: (factor: number, unit: number) => void;
  /** Two fingers: zoom by `factor`, and move what was at `from` between them to `to`. */
  readonly pinch: (factor: number, from: number, to: number) => void;
  /** The wheel moved horizontally, in units. Returns whether it was used; if not, the page scrolls. */
  readonly pan: (units: number) => boolean;
  /** The place under the pointer; undefined: the pointer has left. */
  readonly hover: (place: PlotPlace | undefined) => void;
  /** Whether a drag that begins on `plot` draws a region instead of moving the view. */
  readonly selects?: (plot: HTMLElement, shift: boolean) => boolean;
  /** A region is drawn: from the start of the drag to its present place. */
  readonly select?: (begun: PlotPlace, now: PlotPlace) => void;
}

/** A place on a plot: `unit` 0 (left) to 1 (right), `fromTop` 0 (top) to 1 (bottom). */
export interface PlotPlace {
  readonly plot: HTMLElement;
  readonly unit: number;
  readonly fromTop: number;
}

interface Finger {
  readonly startX: number;
  readonly startY: number;
  x: number;
  moved: boolean;
}

/** Reads gestures on the elements of class `plot` inside `surface`, which all share their left and right edges. */
export function bindGestures(scope: Scope, surface: HTMLElement, actions: GestureActions): void {
  const fingers = new Map<number, Finger>();
  let pinched = false;
  let selecting: { readonly pointer: number; readonly begun: PlotPlace } | undefined;
  const plotOf = (event: Event) =>
    event.target instanceof Element ? event.target.closest<HTMLElement>('.plot') : null;
  const unitAt = (plot: HTMLElement, clientX: number) => {
    const box = plot.getBoundingClientRect();
    return box.width > 0 ? Math.min(1, Math.max(0, (clientX - box.left) / box.width)) : 0;
  };

  const placeOn = (plot: HTMLElement, event: PointerEvent): PlotPlace => {
    const box = plot.getBoundingClientRect();
    return { plot, unit: unitAt(plot, event.clientX), fromTop: (event.clientY - box.top) / (box.height || 1) };
  };

  scope.listen(surface, 'pointerdown', (event) => {
    const plot = plotOf(event);
    if (!plot || (event.pointerType === 'mouse' && event.button !== 0)) return;
    if (fingers.size === 0) {
      pinched = false;
      selecting = actions.selects?.(plot, event.shiftKey)
        ? { pointer: event.pointerId, begun: placeOn(plot, event) }
        : undefined;
    } else selecting = undefined;
    fingers.set(event.pointerId, { startX: event.clientX, startY: event.clientY, x: event.clientX, moved: false });
    // The plot captures the pointer: a drag goes on outside it and still knows its edges.
    plot.setPointerCapture(event.pointerId);
  });

  scope.listen(surface, 'pointermove', (event) => {
    const plot = plotOf(event);
    const finger = fingers.get(event.pointerId);
    if (plot && !finger?.moved) {
      const box = plot.getBoundingClientRect();
      actions.hover({ plot, unit: unitAt(plot, event.clientX), fromTop: (event.clientY - box.top) / box.height });
    }
    if (!plot && !finger && event.pointerType === 'mouse') actions.hover(undefined);
    if (!plot || !finger) return;
    const width = plot.getBoundingClientRect().width || 1;
    if (fingers.size > 1) {
      pinched = true;
      // A third finger is ignored.
      const other = [...fingers.values()].slice(0, 2).find((one) => one !== finger);
      const before = Math.abs(finger.x - (other?.x ?? 0));
      const after = Math.abs(event.clientX - (other?.x ?? 0));
      const factor = Math.min(before, after) > PINCH_PIXELS ? after / before : 1;
      const middle = unitAt(plot, (finger.x + (other?.x ?? 0)) / 2);
      if (other) actions.pinch(factor, middle, middle + (event.clientX - finger.x) / 2 / width);
      finger.x = event.clientX;
      return;
    }
    if (!finger.moved && Math.abs(event.clientX - finger.startX) < CLICK_PIXELS) return;
    finger.moved = true;
    if (selecting?.pointer === event.pointerId) {
      actions.select?.(selecting.begun, placeOn(selecting.begun.plot, event));
      return;
    }
    actions.drag((event.clientX - finger.x) / width, unitAt(plot, event.clientX));
    finger.x = event.clientX;
  });

  const lift = (event: PointerEvent) => {
    const finger = fingers.get(event.pointerId);
    fingers.delete(event.pointerId);
    const plot = plotOf(event);
    if (event.type !== 'pointerup' || !finger || !plot || finger.moved || pinched) return;
    // A finger that scrolls a busy page may be lifted before the browser has taken its pointer away.
    if (Math.abs(event.clientY - finger.startY) < CLICK_PIXELS) actions.tap(unitAt(plot, event.clientX));
  };
  scope.listen(surface, 'pointerup', lift);
  scope.listen(surface, 'pointercancel', lift);
  scope.listen(surface, 'pointerleave', (event) => {
    // Lifting a finger also fires this event; its reading stays until the next touch.
    if (event.pointerType !== 'touch') actions.hover(undefined);
  });

  scope.listen(
    surface,
    'wheel',
    (event) => {
      const plot = plotOf(event);
      if (!plot) return;
      const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        actions.zoom(Math.exp((-event.deltaY * pixels) / 300), unitAt(plot, event.clientX));
        return;
      }
      const across = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
      if (Math.abs(across) <= Math.abs(event.shiftKey ? 0 : event.deltaY)) return;
      if (actions.pan((across * pixels) / (plot.clientWidth || 1))) event.preventDefault();
    },
    { passive: false },
  );
}
