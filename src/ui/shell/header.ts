import { store } from '../../core/browser-storage.ts';
import type { Scope } from '../../core/scope.ts';
import { type I18n, LANGUAGES, type Language } from '../../i18n/i18n.ts';
import { h, icon, setAttributes, setText } from './dom.ts';
import { bindPopover } from './popover.ts';
import { themeButton } from './theme.ts';

/** The setting under which the browser keeps the chosen language. */
export const LANGUAGE_STORED_AS = 'unsung.language';

export interface HeaderOptions {
  /** Called when the colours may have changed. */
  readonly onTheme: () => void;
  /** Beside the name: the list of songs, and opening another one. */
  readonly songs: readonly HTMLElement[];
  /** The switch of the separation's quality. */
  readonly quality: HTMLElement;
  /** Links and buttons before the choice of language. */
  readonly buttons: readonly HTMLElement[];
}

/** The bar at the top of the page: the name, the songs, quality, models, language and colours. */
export function header(scope: Scope, i18n: I18n, { onTheme, songs, quality, buttons }: HeaderOptions): HTMLElement {
  const skip = h('a', { class: 'skip', href: '#main' });
  const logo = h('img', { src: './favicon.svg', alt: '', width: 32, height: 32 });
  const select = h('select', { class: 'quiet' });
  for (const [tag, { name }] of Object.entries(LANGUAGES)) select.append(h('option', { value: tag, lang: tag }, name));
  select.value = i18n.language;
  scope.listen(select, 'change', () => {
    const wished = select.value as Language;
    i18n.speak(wished).then(
      () => store(LANGUAGE_STORED_AS, wished),
      () => {
        select.value = i18n.language;
      },
    );
  });
  // On narrow pages the settings are a menu; on wide ones the style sheet lays them out in the bar.
  const more = h('button', { type: 'button', class: 'icon-button top-more' }, icon('more'));
  const settings = h(
    'div',
    { class: 'settings popover' },
    quality,
    ...buttons,
    select,
    themeButton(scope, i18n, onTheme),
  );
  bindPopover(scope, more, settings);
  // What leads elsewhere closes the menu.
  scope.listen(settings, 'click', ({ target }) => {
    const leads = target instanceof Element && target.closest('a, [aria-controls]');
    if (leads && settings.matches(':popover-open')) settings.hidePopover();
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
    setAttributes(more, { 'aria-label': i18n.t('page.more'), title: i18n.t('page.more') });
    select.setAttribute('aria-label', i18n.t('page.language'));
  });
  return h(
    'header',
    { class: 'top' },
    skip,
    h('p', { class: 'brand' }, logo, h('span', { translate: 'no' }, 'Unsung')),
    ...songs,
    more,
    settings,
  );
}

/** The button that opens another song, hidden at first. */
export function openAnotherButton(scope: Scope, i18n: I18n, open: () => void): HTMLButtonElement {
  const button = h('button', { type: 'button', class: 'button small open-another', hidden: true }, icon('plus'));
  const word = h('span', { class: 'word' });
  button.append(word);
  scope.listen(button, 'click', open);
  i18n.bind(scope, () => {
    setText(word, i18n.t('song.new'));
    button.title = i18n.t('song.new');
  });
  return button;
}
