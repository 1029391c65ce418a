import type { Scope } from '../core/scope.ts';
import { en, type MessageKey, type Messages } from './en/index.ts';
import { fillIn, type Values } from './fill-in.ts';
import { translateSentence } from './translate.ts';
import { zhCN } from './zh-CN/index.ts';

export { fillIn, type Values } from './fill-in.ts';

/** The languages, each by its BCP 47 tag, named in itself, with the direction of its writing. */
export const LANGUAGES = {
  en: { name: 'English', direction: 'ltr', messages: en as Messages },
  'zh-CN': { name: '简体中文', direction: 'ltr', messages: zhCN },
} as const;

/** Tag of a language that the page speaks. */
export type Language = keyof typeof LANGUAGES;

/**
 * The first of the wished-for tags that the page speaks, by primary language: who reads any Chinese gets the simplified
 * script rather than another language. English if there is none.
 */
export function pickLanguage(wishes: readonly string[]): Language {
  for (const wish of wishes) {
    const primary = wish.toLowerCase().split('-')[0];
    if (primary === 'zh') return 'zh-CN';
    if (primary === 'en') return 'en';
  }
  return 'en';
}

/**
 * The page's language. Texts are bound to elements once and follow the switch.
 *
 * @example
 * const i18n = new I18n('en');
 * i18n.bind(scope, () => { button.textContent = i18n.t('player.play'); });
 * i18n.language = 'zh-CN'; // the button says 播放
 */
export class I18n {
  #language: Language;
  readonly #bound = new Set<() => void>();

  constructor(language: Language) {
    this.#language = language;
  }

  /** Tag of the language spoken now. */
  get language(): Language {
    return this.#language;
  }

  set language(language: Language) {
    if (language === this.#language) return;
    this.#language = language;
    for (const update of this.#bound) update();
  }

  /** The text of `key`, filled in; numbers as the language writes them. */
  t(key: MessageKey, values?: Values): string {
    return fillIn(LANGUAGES[this.#language].messages[key], values, this.#language);
  }

  /** A sentence of the engine, which speaks English, in the page's language where it is known. */
  sentence(english: string): string {
    return (this.#language === 'zh-CN' && translateSentence(english)) || english;
  }

  /** Runs `update` now and at each change of language, until the scope ends. */
  bind(scope: Scope, update: () => void): void {
    this.#bound.add(update);
    scope.add(() => this.#bound.delete(update));
    update();
  }
}
