import type { I18n } from '../i18n/i18n.ts';
import type { Scope } from '../scope.ts';
import { h, icon } from './dom.ts';

/** What a person chose; `auto` follows the system. */
export type Theme = 'auto' | 'light' | 'dark';

const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];
const ICON = { auto: 'auto', light: 'sun', dark: 'moon' } as const;
const STORED_AS = 'unsung.theme';

/** Where settings are kept; undefined where the browser forbids it. */
export function browserStorage(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}

/** Reads a setting; a browser that forbids storage has none. */
export function stored(name: string): string | undefined {
  try {
    return localStorage.getItem(name) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a setting where the browser lets us. */
export function store(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Private windows may forbid it; the setting then lasts as long as the page.
  }
}

/**
 * The button that goes from the system's colours to light to dark.
 * @param onChange Called when the colours may have changed, also by the system.
 */
export function themeButton(scope: Scope, i18n: I18n, onChange: () => void): HTMLButtonElement {
  const button = h('button', { type: 'button', class: 'icon-button' });
  let theme = THEMES.find((t) => t === stored(STORED_AS)) ?? 'auto';
  const show = () => {
    const root = document.documentElement;
    if (theme === 'auto') delete root.dataset.theme;
    else root.dataset.theme = theme;
    button.replaceChildren(icon(ICON[theme]));
    const label = i18n.t(`page.theme.${theme}`);
    button.setAttribute('aria-label', label);
    button.title = label;
  };
  i18n.bind(scope, show);
  scope.listen(button, 'click', () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    store(STORED_AS, theme);
    show();
    onChange();
  });
  scope.listen(matchMedia('(prefers-color-scheme: dark)'), 'change', onChange);
  return button;
}
