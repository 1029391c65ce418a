import { store } from '../../core/browser-storage.ts';
import type { Scope } from '../../core/scope.ts';
import { type I18n, LANGUAGES, type Language } from '../../i18n/i18n.ts';
import { h, icon, setText } from './dom.ts';
import { themeButton } from './theme.ts';

/** Where the chosen language is kept. */
export const LANGUAGE_STORED_AS = 'unsung.language';

/**
 * The bar at the top: the name, the promise that nothing is sent anywhere, language and colours.
 * @param quality The switch of the separation's quality.
 * @param more Buttons that stand before those.
 */
export function header(
  scope: Scope,
  i18n: I18n,
  onTheme: () => void,
  quality: HTMLElement,
  ...more: readonly HTMLElement[]
): HTMLElement {
  const skip = h('a', { class: 'skip', href: '#main' });
  const logo = h('img', { src: './favicon.svg', alt: '', width: 32, height: 32 });
  const promise = h('span');
  const promiseBox = h('p', { class: 'promise' }, icon('shield'), promise);
  const select = h('select', { class: 'quiet' });
  for (const [tag, { name }] of Object.entries(LANGUAGES)) select.append(h('option', { value: tag, lang: tag }, name));
  select.value = i18n.language;
  scope.listen(select, 'change', () => {
    i18n.language = select.value as Language;
    store(LANGUAGE_STORED_AS, select.value);
  });
  // The part of the address after # says which view is shown: the link must not change it.
  scope.listen(skip, 'click', (event) => {
    event.preventDefault();
    document.getElementById('main')?.focus();
  });
  i18n.bind(scope, () => {
    document.documentElement.lang = i18n.language;
    document.documentElement.dir = LANGUAGES[i18n.language].direction;
    setText(skip, i18n.t('page.skip'));
    setText(promise, i18n.t('page.private'));
    promiseBox.title = i18n.t('page.privateLong');
    select.setAttribute('aria-label', i18n.t('page.language'));
  });
  return h(
    'header',
    { class: 'top' },
    skip,
    h('p', { class: 'brand' }, logo, h('span', { translate: 'no' }, 'Unsung')),
    promiseBox,
    quality,
    h('div', { class: 'settings' }, ...more, select, themeButton(scope, i18n, onTheme)),
  );
}
