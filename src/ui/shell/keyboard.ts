import type { Scope } from '../../core/scope.ts';

/** What a key asks for. */
export type KeyAction =
  | { readonly kind: 'toggle' }
  | { readonly kind: 'mode'; readonly mode: 'original' | 'vocals' | 'accompaniment' }
  | { readonly kind: 'seekBy'; readonly seconds: number }
  | { readonly kind: 'seekTo'; readonly end: boolean }
  | { readonly kind: 'zoom'; readonly factor: number }
  | { readonly kind: 'fit' }
  | { readonly kind: 'loopMark'; readonly edge: 'start' | 'end' }
  | { readonly kind: 'loop' }
  | { readonly kind: 'speedBy'; readonly percent: number }
  | { readonly kind: 'keyBy'; readonly semitones: number }
  | { readonly kind: 'firstVocals' }
  | { readonly kind: 'tap' }
  | { readonly kind: 'practice' }
  | { readonly kind: 'result' }
  | { readonly kind: 'difference' }
  | { readonly kind: 'help' };

/** The part of a key event that matters here. */
export interface Key {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/**
 * Kinds of focused elements: `text` keeps every key, `value` (a slider, a select, a radio button) keeps the keys that
 * move it, `button` keeps those that press it.
 */
export type FocusKind = 'text' | 'value' | 'button' | 'other';

const MODES = { '1': 'original', '2': 'vocals', '3': 'accompaniment' } as const;
const MOVES_A_VALUE = new Set(['ArrowLeft', 'ArrowRight', 'Home', 'End']);

/** The action of a key while an element of kind `focus` has the focus; undefined: the page does not use it. */
export function actionOfKey(key: Key, focus: FocusKind): KeyAction | undefined {
  if (key.ctrlKey || key.metaKey || key.altKey || focus === 'text') return undefined;
  if (focus === 'value' && MOVES_A_VALUE.has(key.key)) return undefined;
  if (focus === 'button' && key.key === ' ') return undefined;
  const step = key.shiftKey ? 1 : 5;
  // Letters mean the same with Shift or Caps Lock.
  switch (key.key.length === 1 ? key.key.toLowerCase() : key.key) {
    case ' ':
      return { kind: 'toggle' };
    case '1':
    case '2':
    case '3':
      return { kind: 'mode', mode: MODES[key.key as keyof typeof MODES] };
    case 'ArrowLeft':
      return { kind: 'seekBy', seconds: -step };
    case 'ArrowRight':
      return { kind: 'seekBy', seconds: step };
    case 'Home':
      return { kind: 'seekTo', end: false };
    case 'End':
      return { kind: 'seekTo', end: true };
    case '+':
    case '=':
      return { kind: 'zoom', factor: 1.5 };
    case '-':
    case '_':
      return { kind: 'zoom', factor: 1 / 1.5 };
    case '0':
      return { kind: 'fit' };
    case '[':
      return { kind: 'loopMark', edge: 'start' };
    case ']':
      return { kind: 'loopMark', edge: 'end' };
    case 'l':
      return { kind: 'loop' };
    case '<':
    case ',':
      return { kind: 'speedBy', percent: -5 };
    case '>':
    case '.':
      return { kind: 'speedBy', percent: 5 };
    case 'j':
      return { kind: 'keyBy', semitones: -1 };
    case 'k':
      return { kind: 'keyBy', semitones: 1 };
    case 'v':
      return { kind: 'firstVocals' };
    case 't':
      return { kind: 'tap' };
    case 'p':
      return { kind: 'practice' };
    case 'r':
      return { kind: 'result' };
    case 'd':
      return { kind: 'difference' };
    case '?':
      return { kind: 'help' };
    default:
      return undefined;
  }
}

/** The kind of the element that receives a key event. */
export function focusKind(target: EventTarget | null): FocusKind {
  if (!(target instanceof HTMLElement)) return 'other';
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return 'text';
  if (target instanceof HTMLInputElement) {
    if (target.type === 'range' || target.type === 'radio') return 'value';
    return target.type === 'checkbox' || target.type === 'button' || target.type === 'file' ? 'button' : 'text';
  }
  // A select jumps to options by any typed character.
  if (target instanceof HTMLSelectElement) return 'text';
  return target.closest('button, a[href], summary') ? 'button' : 'other';
}

/**
 * Passes the page's keys to `act`, which returns whether it used them. A button that was clicked keeps the focus but not
 * the space bar: that is the page's until the keyboard moves the focus.
 */
export function bindKeys(scope: Scope, act: (action: KeyAction) => boolean): void {
  let clicked: EventTarget | null = null;
  let used = false;
  scope.listen(document, 'click', (event) => {
    // A click by keyboard has detail 0.
    clicked = event.detail > 0 ? document.activeElement : null;
  });
  scope.listen(document, 'focusin', ({ target }) => {
    if (target !== clicked) clicked = null;
  });
  scope.listen(document, 'keydown', (event) => {
    used = false;
    if (event.defaultPrevented) return;
    const kind = focusKind(event.target);
    const action = actionOfKey(event, kind === 'button' && event.target === clicked ? 'other' : kind);
    used = action !== undefined && act(action);
    if (used) event.preventDefault();
  });
  // Firefox presses a button when the space bar is let go.
  scope.listen(document, 'keyup', (event) => used && event.key === ' ' && event.preventDefault());
}
