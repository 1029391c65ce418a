import { store } from '../../core/browser-storage.ts';
import type { Scope } from '../../core/scope.ts';
import { type I18n, LANGUAGES, type Language } from '../../i18n/i18n.ts';
import { h, icon, setText } from './dom.ts';
import { themeButton } from './theme.ts';

/** The setting under which the browser keeps the chosen language. */
export const LANGUAGE_STORED_AS = 'unsung.language';

export interface HeaderOptions {
  /** Called when the colours may have changed. */
  readonly onTheme: () => void;
  /** The switch of the separation's quality. */
  readonly quality: HTMLElement;
  /** Links and buttons before the choice of language. */
  readonly buttons: readonly HTMLElement[];
}

/** The bar at the top of the page: the name, the statement on privacy, quality, language and colours. */
export function header(scope: Scope, i18n: I18n, { onTheme, quality, buttons }: HeaderOptions): HTMLElement {
  const skip = h('a', { class: 'skip', href: '#main' });
  const logo = h('img', { src: './favicon.svg', alt: '', width: 32, height: 32 });
  const privacyText = h('span');
  const privacy = h('p', { class: 'privacy' }, icon('shield'), privacyText);
  const select = h('select', { class: 'quiet' });
  for (const [tag, { name }] of Object.entries(LANGUAGES)) select.append(h('option', { value: tag, lang: tag }, name));
  select.value = i18n.language;
  scope.listen(select, 'change', () => {
    i18n.language = select.value as Language;
    store(LANGUAGE_STORED_AS, select.value);
  });
  // The router reads the part of the address after #, so the link must not change it.
  scope.listen(skip, 'click', (event) => {
    event.preventDefault();
    document.getElementById('main')?.focus();
  });
  i18n.bind(scope, () => {
    document.documentElement.lang = i18n.language;
    document.documentElement.dir = LANGUAGES[i18n.language].direction;
    setText(skip, i18n.t('page.skip'));
    setText(privacyText, i18n.t('page.private'));
    privacy.title = i18n.t('page.privateLong');
    select.setAttribute('aria-label', i18n.t('page.language'));
  });
  return h(
    'header',
    { class: 'top' },
    skip,
    h('p', { class: 'brand' }, logo, h('span', { translate: 'no' }, 'Unsung')),
    privacy,
    quality,
    h('div', { class: 'settings' }, ...buttons, select, themeButton(scope, i18n, onTheme)),
  );
}
