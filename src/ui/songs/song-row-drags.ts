import type { Scope } from '../../core/scope.ts';

const DRAG_TYPE = 'application/x-unsung-song';

/**
 * Lets a person drag the rows of a list to other places; files that are dragged over it are the page's.
 *
 * @param list rows with their songs' ids in `data-song`
 * @param move takes a song's id and its new place, 0 being the first
 */
export function rowDrags(scope: Scope, list: HTMLElement, move: (id: string, to: number) => void): void {
  let dragged: string | undefined;
  const rowOf = (event: DragEvent) => (event.target instanceof Element ? event.target.closest('li') : null);
  const mark = (row: Element | null, after = false) => {
    for (const child of list.children) {
      child.classList.toggle('drop-before', child === row && !after);
      child.classList.toggle('drop-after', child === row && after);
    }
  };
  const isAfter = (row: Element, event: DragEvent) => {
    const { top, height } = row.getBoundingClientRect();
    return event.clientY > top + height / 2;
  };
  scope.listen(list, 'dragstart', (event) => {
    dragged = rowOf(event)?.dataset.song;
    if (!dragged || !event.dataTransfer) return;
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setData(DRAG_TYPE, dragged);
  });
  scope.listen(list, 'dragover', (event) => {
    const row = rowOf(event);
    if (!dragged || !row) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'move';
    mark(row, isAfter(row, event));
  });
  scope.listen(list, 'drop', (event) => {
    const row = rowOf(event);
    if (!dragged) return;
    event.preventDefault();
    event.stopPropagation();
    mark(null);
    const ids = [...list.children].map((child) => (child as HTMLElement).dataset.song);
    const others = ids.filter((id) => id !== dragged);
    const at = row?.dataset.song === undefined ? -1 : others.indexOf(row.dataset.song);
    if (row && at >= 0) move(dragged, at + (isAfter(row, event) ? 1 : 0));
  });
  scope.listen(list, 'dragend', () => {
    dragged = undefined;
    mark(null);
  });
}
