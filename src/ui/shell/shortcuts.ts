import { store, stored } from '../../core/browser-storage.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import type { MessageKey } from '../../i18n/language.ts';
import { h, icon, setText } from './dom.ts';
import type { KeyAction } from './keyboard.ts';

/** The setting under which the browser keeps whether shortcuts are on. */
const KEYS_STORED_AS = 'unsung.keys';

/**
 * All keys of the page and the texts of their actions. Keys whose name depends on the language are given by the key of
 * that text.
 */
export const KEYS = [
  [['keys.space'], 'keys.play'],
  [['1', '2', '3'], 'keys.mix'],
  [['←', '→'], 'keys.seek'],
  [['keys.home', 'keys.end'], 'keys.ends'],
  [['+', '−', '0'], 'keys.zoom'],
  [['[', ']'], 'keys.loopMarks'],
  [['L'], 'keys.loop'],
  [['<', '>'], 'keys.speed'],
  [['J', 'K'], 'keys.key'],
  [['V'], 'keys.firstVocals'],
  [['T'], 'keys.tap'],
  [['P'], 'keys.practice'],
  [['R'], 'keys.result'],
  [['D'], 'keys.difference'],
  [['?'], 'keys.help'],
] as const satisfies readonly (readonly [readonly string[], MessageKey])[];

/** The list of keys in the present language. */
export function keyList(i18n: I18n): readonly HTMLElement[] {
  return KEYS.flatMap(([names, what]) => [
    h('dt', {}, ...names.map((name) => h('kbd', {}, name.startsWith('keys.') ? i18n.t(name as MessageKey) : name))),
    h('dd', {}, i18n.t(what)),
  ]);
}

/**
 * The dialog with all keyboard shortcuts, opened by `?`. Shortcuts can be switched off, for people who control the
 * computer by voice or often hit keys by accident (WCAG 2.1.4).
 */
export class ShortcutsDialog {
  readonly element: HTMLDialogElement;
  readonly #on = h('input', { type: 'checkbox', id: 'keys-on' });

  constructor(scope: Scope, i18n: I18n) {
    const title = h('h2', { id: 'shortcuts-title' });
    const close = h('button', { type: 'button', class: 'icon-button' }, icon('close'));
    const keys = h('dl', { class: 'keys' });
    const enabled = h('span');
    this.element = h(
      'dialog',
      { class: 'shortcuts card', id: 'shortcuts', 'aria-labelledby': 'shortcuts-title' },
      h('div', { class: 'shortcuts-head' }, title, close),
      keys,
      h('label', { class: 'keys-on', for: 'keys-on' }, this.#on, enabled),
    );
    this.#on.checked = stored(KEYS_STORED_AS) !== 'off';
    scope.listen(this.#on, 'change', () => store(KEYS_STORED_AS, this.#on.checked ? 'on' : 'off'));
    scope.listen(close, 'click', () => this.element.close());
    // A click on the backdrop has the dialog itself as its target.
    scope.listen(this.element, 'click', (event) => {
      if (event.target === this.element) this.element.close();
    });
    scope.add(() => this.element.remove());
    i18n.bind(scope, () => {
      setText(title, i18n.t('keys.title'));
      setText(enabled, i18n.t('keys.enabled'));
      close.setAttribute('aria-label', i18n.t('notice.close'));
      keys.replaceChildren(...keyList(i18n));
    });
  }

  /** Whether shortcuts are active: not while they are switched off or the dialog is open. */
  get keysOn(): boolean {
    return this.#on.checked && !this.element.open;
  }

  /** Opens or closes the dialog if the key asks for it; otherwise returns false. */
  act(action: KeyAction): boolean {
    if (action.kind !== 'help' || !this.#on.checked) return false;
    this.toggle();
    return true;
  }

  /** Opens the dialog, or closes it if it is open. */
  toggle(): void {
    if (this.element.open) this.element.close();
    else this.element.showModal();
  }
}
