import type { Scope } from '../../core/scope.ts';
import { h, type IconName, icon, setAttributes, setText } from './dom.ts';
import { bindPopover } from './popover.ts';

/** An action of a menu. */
export interface MenuAction {
  readonly id: string;
  readonly icon: IconName;
  readonly act: () => void;
  /** It is switched on and off. */
  readonly checkable?: boolean;
}

/** How an action stands. */
export interface MenuItem {
  readonly text: string;
  readonly hidden?: boolean;
  readonly checked?: boolean;
}

/**
 * A button that opens a menu of actions, with the keys of the ARIA practices: the arrows, Home and End go through it,
 * Escape and Tab close it. The focus returns to the button before an action begins.
 *
 * @example
 * const menu = new Menu(scope, 'more', [{ id: 'remove', icon: 'trash', act: () => remove() }]);
 * menu.show('More', { remove: { text: 'Remove' } });
 */
export class Menu {
  readonly button: HTMLButtonElement;
  readonly element = h('div', { class: 'menu popover', role: 'menu' });
  readonly #items: ReadonlyMap<string, HTMLButtonElement>;

  constructor(scope: Scope, symbol: IconName, actions: readonly MenuAction[]) {
    this.button = h('button', { type: 'button', class: 'icon-button', 'aria-haspopup': 'menu' }, icon(symbol));
    this.#items = new Map(
      actions.map(({ id, icon: name, act, checkable }) => {
        const role = checkable ? 'menuitemcheckbox' : 'menuitem';
        const item = h('button', { type: 'button', role, tabindex: -1, 'data-action': id }, icon(name), h('span'));
        scope.listen(item, 'click', () => {
          this.#close();
          act();
        });
        return [id, item];
      }),
    );
    this.element.append(...this.#items.values());
    bindPopover(scope, this.button, this.element);
    scope.listen(this.element, 'keydown', (event) => this.#key(event));
    scope.listen(this.button, 'keydown', (event) => {
      if (event.key !== 'ArrowDown') return;
      event.preventDefault();
      this.element.showPopover();
    });
  }

  /** @param name of the button and the menu. @param items by their ids; one that is missing is hidden */
  show(name: string, items: Readonly<Record<string, MenuItem>>): void {
    setAttributes(this.button, { 'aria-label': name, title: name });
    setAttributes(this.element, { 'aria-label': name });
    for (const [id, item] of this.#items) {
      const { text = '', hidden = false, checked } = items[id] ?? { hidden: true };
      item.hidden = hidden;
      setText(item.lastElementChild as HTMLElement, text);
      setAttributes(item, { 'aria-checked': checked === undefined ? undefined : String(checked) });
    }
    // The browser gives it the focus when it opens the menu.
    const [first] = this.#shown;
    for (const item of this.#items.values()) setAttributes(item, { autofocus: item === first });
  }

  get #shown(): readonly HTMLButtonElement[] {
    return [...this.#items.values()].filter(({ hidden }) => !hidden);
  }

  #close(): void {
    this.element.hidePopover();
    this.button.focus({ preventScroll: true });
  }

  #key(event: KeyboardEvent): void {
    const items = this.#shown;
    const at = items.indexOf(document.activeElement as HTMLButtonElement);
    const to = {
      ArrowDown: (at + 1) % items.length,
      ArrowUp: (at - 1 + items.length) % items.length,
      Home: 0,
      End: items.length - 1,
    }[event.key];
    if (to !== undefined) items[to]?.focus();
    else if (event.key === 'Escape' || event.key === 'Tab') this.#close();
    else return;
    // The Tab key goes on from the button.
    if (event.key !== 'Tab') event.preventDefault();
    // Neither are they keys of the player, nor does Escape close what the menu lies in.
    event.stopPropagation();
  }
}
