import { store, stored } from '../../core/browser-storage.ts';
import type { Scope } from '../../core/scope.ts';
import type { I18n } from '../../i18n/i18n.ts';
import { h, icon } from './dom.ts';

/** The chosen theme; `auto` follows the system. */
export type Theme = 'auto' | 'light' | 'dark';

const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];
const ICON = { auto: 'auto', light: 'sun', dark: 'moon' } as const;
const STORED_AS = 'unsung.theme';

/**
 * The button that switches between the system's colours, light and dark.
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
