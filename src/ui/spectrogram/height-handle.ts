import type { Scope } from '../../core/scope.ts';
import { h, setAttributes } from '../shell/dom.ts';
import { MAX_HEIGHT, MIN_HEIGHT } from './spectrogram-layout.ts';

/** Pixels that an arrow key moves the edge by. */
const STEP = 16;

/** What a handle moves. */
export interface HeightTarget {
  /** The present height, CSS pixels. */
  readonly height: () => number;
  /** Undefined: the height at first. */
  readonly set: (height: number | undefined) => void;
}

/** The lower edge of a spectrogram: dragged, or moved by arrow keys, it changes the height. A double-click resets it. */
export class HeightHandle {
  readonly element = h('div', {
    class: 'height-handle',
    role: 'separator',
    'aria-orientation': 'horizontal',
    tabindex: 0,
    'aria-valuemin': MIN_HEIGHT,
    'aria-valuemax': MAX_HEIGHT,
    'aria-valuenow': MIN_HEIGHT,
  });

  constructor(scope: Scope, { height, set }: HeightTarget) {
    const { element } = this;
    let from: { readonly y: number; readonly height: number } | undefined;
    scope.listen(element, 'pointerdown', (event) => {
      if (event.button !== 0) return;
      element.setPointerCapture(event.pointerId);
      from = { y: event.clientY, height: height() };
    });
    scope.listen(element, 'pointermove', (event) => from && set(from.height + event.clientY - from.y));
    const end = () => {
      from = undefined;
    };
    scope.listen(element, 'pointerup', end);
    scope.listen(element, 'pointercancel', end);
    scope.listen(element, 'dblclick', () => set(undefined));
    scope.listen(element, 'keydown', (event) => {
      const by = { ArrowUp: -STEP, ArrowDown: STEP }[event.key];
      if (by === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      set(height() + by);
    });
  }

  /** Tells screen readers the height. */
  show(height: number): void {
    setAttributes(this.element, { 'aria-valuenow': Math.min(MAX_HEIGHT, Math.max(MIN_HEIGHT, height)) });
  }
}
