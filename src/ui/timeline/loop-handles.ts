import { clock } from '../../core/format.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import type { LoopMarks } from '../../player/practice.ts';
import { h, setAttributes } from '../shell/dom.ts';
import { timeAt, unitOfTime, type Viewport, wholeSong } from './viewport.ts';

/** Width of a grip, pixels. */
const GRIP = 44;

/** A pointer on the ruler that moves less, in pixels, still clicks. */
const CLICK_PIXELS = 5;

/** What the handles ask for; times in seconds. */
export interface LoopActions {
  readonly loop: (from: number, to: number) => void;
  readonly seek: (seconds: number) => void;
}

type Edge = 'start' | 'end';
const EDGES: readonly Edge[] = ['start', 'end'];

/**
 * The loop on the timeline: a tinted region with a handle at each end, moved by pointer, touch or arrow keys. A drag
 * along the ruler draws a new loop. It shows at once and takes effect when the pointer is released.
 */
export class LoopHandles {
  readonly element: HTMLElement;
  readonly #actions: LoopActions;
  readonly #region = h('div', { class: 'loop-region', hidden: true });
  readonly #handles: Readonly<Record<Edge, HTMLElement>>;
  #marks: LoopMarks = { start: undefined, end: undefined };
  #dragged: { start: number; end: number } | undefined;
  #view: Viewport = wholeSong(1);
  #width = 0;

  /** @param ruler The time ruler, with the left and right edges of the tracks. */
  constructor(scope: Scope, i18n: I18n, ruler: HTMLElement, actions: LoopActions) {
    this.#actions = actions;
    const handle = (edge: Edge, letter: string) =>
      h(
        'div',
        { class: `loop-handle ${edge}`, role: 'slider', tabindex: 0, hidden: true, 'data-edge': edge },
        h('span', { class: 'grip', 'aria-hidden': 'true' }, letter),
      );
    this.#handles = { start: handle('start', 'A'), end: handle('end', 'B') };
    this.element = h('div', { class: 'loop-layer' }, this.#region, this.#handles.start, this.#handles.end);
    for (const edge of EDGES) this.#bindHandle(scope, edge, ruler);
    this.#bindRuler(scope, ruler);
    i18n.bind(scope, () => {
      this.#handles.start.setAttribute('aria-label', i18n.t('practice.loopStart'));
      this.#handles.end.setAttribute('aria-label', i18n.t('practice.loopEnd'));
    });
  }

  /** Shows the marks; a loop that is off is only outlined. */
  set(marks: LoopMarks, looping: boolean): void {
    this.#marks = marks;
    this.element.classList.toggle('off', !looping);
    this.#place();
  }

  /** Shows a part of the song on tracks that are `width` pixels wide. */
  show(view: Viewport, width: number): void {
    if (view === this.#view && width === this.#width) return;
    this.#view = view;
    this.#width = width;
    // Called in every frame; without marks there is nothing to move.
    if (this.#marks.start !== undefined || this.#marks.end !== undefined || this.#dragged) this.#place();
  }

  #place(): void {
    const marks: LoopMarks = this.#dragged ?? this.#marks;
    const x = (seconds: number) => unitOfTime(this.#view, seconds) * this.#width;
    const start = marks.start === undefined ? undefined : x(marks.start);
    const end = marks.end === undefined ? undefined : x(marks.end);
    this.#region.hidden = start === undefined || end === undefined;
    if (start !== undefined && end !== undefined) {
      const left = Math.max(0, start);
      this.#region.style.transform = `translateX(${left}px)`;
      this.#region.style.width = `${Math.max(0, Math.min(this.#width, end) - left)}px`;
    }
    // Grips lie inside the loop, or outside where it is too narrow for both.
    const narrow = start !== undefined && end !== undefined && end - start < 2 * GRIP;
    this.#handles.start.classList.toggle('outside', narrow && (start ?? 0) > GRIP / 4);
    this.#handles.end.classList.toggle('outside', narrow && (end ?? 0) < this.#width - GRIP);
    for (const edge of EDGES) {
      const handle = this.#handles[edge];
      const seconds = marks[edge];
      const place = edge === 'start' ? start : end;
      handle.hidden = place === undefined || place < -1 || place > this.#width + 1;
      if (seconds === undefined || place === undefined) continue;
      handle.style.transform = `translateX(${place}px)`;
      setAttributes(handle, {
        'aria-valuemin': 0,
        'aria-valuemax': this.#view.duration.toFixed(2),
        'aria-valuenow': seconds.toFixed(2),
        'aria-valuetext': clock(seconds, 2),
      });
    }
  }

  /** The marks with one of them moved, in order and within the song. */
  #moved(edge: Edge, seconds: number): { start: number; end: number } {
    const { start = 0, end = this.#view.duration } = this.#dragged ?? this.#marks;
    const within = Math.min(this.#view.duration, Math.max(0, seconds));
    return edge === 'start' ? { start: Math.min(within, end), end } : { start, end: Math.max(within, start) };
  }

  #bindHandle(scope: Scope, edge: Edge, ruler: HTMLElement): void {
    const handle = this.#handles[edge];
    let grabbed: number | undefined;
    const secondsAt = (clientX: number) => {
      const box = ruler.getBoundingClientRect();
      return this.#view.start + ((clientX - box.left) / (box.width || 1)) * this.#view.span;
    };
    scope.listen(handle, 'pointerdown', (event) => {
      if (event.button !== 0) return;
      event.stopPropagation();
      handle.setPointerCapture(event.pointerId);
      grabbed = secondsAt(event.clientX) - (this.#marks[edge] ?? 0);
    });
    scope.listen(handle, 'pointermove', (event) => {
      if (grabbed === undefined) return;
      event.stopPropagation();
      this.#dragged = this.#moved(edge, secondsAt(event.clientX) - grabbed);
      this.#place();
    });
    scope.listen(handle, 'pointerup', () => {
      grabbed = undefined;
      this.#letGo(true);
    });
    scope.listen(handle, 'pointercancel', () => {
      grabbed = undefined;
      this.#letGo(false);
    });
    scope.listen(handle, 'keydown', (event) => {
      const step = event.shiftKey ? 0.01 : 0.1;
      const steps: Readonly<Record<string, number>> = {
        ArrowLeft: -step,
        ArrowDown: -step,
        ArrowRight: step,
        ArrowUp: step,
        PageDown: -1,
        PageUp: 1,
      };
      const by = steps[event.key];
      const seconds = this.#marks[edge];
      if (by === undefined || seconds === undefined) return;
      event.preventDefault();
      const { start, end } = this.#moved(edge, seconds + by);
      this.#actions.loop(start, end);
    });
  }

  #bindRuler(scope: Scope, ruler: HTMLElement): void {
    let from: { readonly x: number; readonly seconds: number } | undefined;
    const secondsAt = (clientX: number) => {
      const box = ruler.getBoundingClientRect();
      return timeAt(this.#view, (clientX - box.left) / (box.width || 1));
    };
    scope.listen(ruler, 'pointerdown', (event) => {
      if (event.button !== 0) return;
      ruler.setPointerCapture(event.pointerId);
      from = { x: event.clientX, seconds: secondsAt(event.clientX) };
    });
    scope.listen(ruler, 'pointermove', (event) => {
      if (!from || (!this.#dragged && Math.abs(event.clientX - from.x) < CLICK_PIXELS)) return;
      const to = secondsAt(event.clientX);
      this.#dragged = { start: Math.min(from.seconds, to), end: Math.max(from.seconds, to) };
      this.#place();
    });
    scope.listen(ruler, 'pointerup', (event) => {
      if (from && !this.#dragged) this.#actions.seek(secondsAt(event.clientX));
      from = undefined;
      this.#letGo(true);
    });
    scope.listen(ruler, 'pointercancel', () => {
      from = undefined;
      this.#letGo(false);
    });
  }

  #letGo(keep: boolean): void {
    const dragged = this.#dragged;
    this.#dragged = undefined;
    if (dragged && keep) this.#actions.loop(dragged.start, dragged.end);
    this.#place();
  }
}
