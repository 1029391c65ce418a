import type { Scope } from '../../core/scope.ts';

/** Pixels from the list's edges within which a drag scrolls it, and how far in each frame. */
const EDGE = 28;
const STEP = 8;

interface Drag {
  readonly id: string;
  readonly pointer: number;
  /** Height of the pointer in the window, pixels; undefined: it has not moved. */
  y: number | undefined;
}

/**
 * Lets a person drag the rows of a list by their grips to other places, with mouse, pen or finger. Escape ends a drag.
 *
 * @param list rows with their songs' ids in `data-song`, each with a `.grip`
 * @param move takes a song's id and its new place, 0 being the first
 */
export function rowDrags(scope: Scope, list: HTMLElement, move: (id: string, to: number) => void): void {
  let drag: Drag | undefined;
  const rows = () => [...list.children] as HTMLElement[];

  /** The row at a height, and whether its lower half. */
  const placeAt = (y: number) => {
    const row = rows().find((other) => other.getBoundingClientRect().bottom > y) ?? rows().at(-1);
    if (!row) return undefined;
    const { top, height } = row.getBoundingClientRect();
    return { row, after: y > top + height / 2 };
  };
  const mark = () => {
    const place = drag?.y === undefined ? undefined : placeAt(drag.y);
    for (const row of rows()) {
      row.classList.toggle('dragged', place !== undefined && row.dataset.song === drag?.id);
      row.classList.toggle('drop-before', place?.row === row && !place.after);
      row.classList.toggle('drop-after', place?.row === row && place.after);
    }
  };
  const end = () => {
    drag = undefined;
    mark();
  };
  /** Scrolls, frame after frame, while the pointer is at an edge. */
  const scroll = () => {
    if (drag?.y === undefined) return;
    const { top, bottom } = list.getBoundingClientRect();
    if (drag.y < top + EDGE) list.scrollTop -= STEP;
    else if (drag.y > bottom - EDGE) list.scrollTop += STEP;
    mark();
    scope.frame(scroll);
  };

  scope.listen(list, 'pointerdown', (event) => {
    const grip = event.target instanceof Element ? event.target.closest('.grip') : null;
    const id = grip?.closest('li')?.dataset.song;
    if (!grip || id === undefined || event.button !== 0 || drag) return;
    grip.setPointerCapture(event.pointerId);
    drag = { id, pointer: event.pointerId, y: undefined };
  });
  // Of the document: a row whose song moves meanwhile loses the pointer.
  scope.listen(document, 'pointermove', (event) => {
    if (drag?.pointer !== event.pointerId) return;
    const begins = drag.y === undefined;
    drag.y = event.clientY;
    if (begins) scroll();
    else mark();
  });
  scope.listen(document, 'pointerup', (event) => {
    if (drag?.pointer !== event.pointerId) return;
    const { id, y } = drag;
    end();
    const place = y === undefined ? undefined : placeAt(y);
    if (!place || place.row.dataset.song === id) return;
    const others = rows().flatMap(({ dataset }) => (dataset.song === id ? [] : [dataset.song]));
    move(id, others.indexOf(place.row.dataset.song) + (place.after ? 1 : 0));
  });
  scope.listen(document, 'pointercancel', (event) => drag?.pointer === event.pointerId && end());
  scope.listen(document, 'keydown', (event) => {
    if (event.key !== 'Escape' || !drag) return;
    event.preventDefault();
    end();
  });
}
